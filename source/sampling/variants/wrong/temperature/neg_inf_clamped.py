# Mistake: -inf becomes a large negative number.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return torch.nan_to_num(logits / temperature, neginf=-1e9)
