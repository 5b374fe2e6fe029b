# Mistake: gives probabilities instead of scores.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return torch.softmax(logits / temperature, -1)
