# Mistake: scores make a detour through half precision.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    dtype = logits.dtype if logits.is_floating_point() else torch.float32
    return (logits.half() / temperature).to(dtype)
