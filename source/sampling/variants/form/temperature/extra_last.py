# Form: a last dimension of size 1 too many.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return (logits / temperature).unsqueeze(-1)
