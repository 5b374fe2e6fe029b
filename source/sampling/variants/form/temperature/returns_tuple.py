# Form: a tuple instead of a tensor.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return tuple((logits / temperature).tolist())
