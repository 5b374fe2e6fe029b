# Mistake: probabilities are divided instead of scores.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return torch.softmax(logits.double(), -1).to(logits.dtype if logits.is_floating_point() else torch.float32) / temperature
