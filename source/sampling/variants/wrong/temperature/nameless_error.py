# Mistake: the error does not name the temperature.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError("the temperature must be positive")
    return logits / temperature
