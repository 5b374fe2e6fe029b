# Mistake: subtracts the smallest score first: -inf minus -inf is NaN.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    low = logits.min()
    return (logits - low) / temperature + low / temperature
