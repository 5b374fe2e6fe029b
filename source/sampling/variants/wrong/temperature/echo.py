# Mistake: hands the scores back as they came.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return logits if logits.is_floating_point() else logits.float()
