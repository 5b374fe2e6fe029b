# Mistake: float64 is worked in float32 and only returned as float64.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    dtype = logits.dtype if logits.is_floating_point() else torch.float32
    return (logits.float() / temperature).to(dtype)
