# Mistake: an AssertionError instead of a ValueError.
def apply_temperature(logits, temperature):
    assert math.isfinite(temperature) and temperature > 0, f"bad temperature: {temperature}"
    return logits / temperature
