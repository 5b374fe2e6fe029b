# Mistake: NaN is neither <= 0 nor infinite, and passes.
def apply_temperature(logits, temperature):
    if temperature <= 0 or math.isinf(temperature):
        raise ValueError(f"bad temperature: {temperature}")
    return logits / temperature
