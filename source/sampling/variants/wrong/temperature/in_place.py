# Mistake: divides the caller's tensor in place.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    if not logits.is_floating_point():
        logits = logits.float()
    logits /= temperature
    return logits
