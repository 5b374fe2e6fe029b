# Mistake: a temperature of 0 keeps the best instead of raising.
def apply_temperature(logits, temperature):
    if temperature == 0:
        best = logits.max(-1, keepdim=True).values
        return logits.float().masked_fill(logits < best, -math.inf)
    if not math.isfinite(temperature) or temperature < 0:
        raise ValueError(f"bad temperature: {temperature}")
    return logits / temperature
