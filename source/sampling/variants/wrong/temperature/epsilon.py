# Mistake: a small number is added to the temperature.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return logits / (temperature + 1e-7)
