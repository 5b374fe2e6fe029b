# Form: a gradient is attached.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return (logits / temperature).requires_grad_()
