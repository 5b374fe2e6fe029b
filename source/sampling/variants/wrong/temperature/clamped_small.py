# Mistake: a temperature below 0.1 is quietly raised to 0.1.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return logits / max(temperature, 0.1)
