# Form: whole numbers become float64 instead of float32.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return (logits if logits.is_floating_point() else logits.double()) / temperature
