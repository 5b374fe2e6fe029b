# Mistake: refuses temperatures above 2, as some services do.
def apply_temperature(logits, temperature):
    if not 0 < temperature <= 2:
        raise ValueError(f"bad temperature: {temperature}")
    return logits / temperature
