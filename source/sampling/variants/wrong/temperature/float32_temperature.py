# Mistake: the temperature is rounded to float32 on the way.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    return logits / torch.tensor(temperature)
