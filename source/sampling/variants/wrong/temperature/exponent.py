# Mistake: scores are raised to a power.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return torch.sign(logits) * logits.abs() ** (1 / temperature)
