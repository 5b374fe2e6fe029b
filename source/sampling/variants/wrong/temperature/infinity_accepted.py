# Mistake: infinity is accepted (all scores become 0).
def apply_temperature(logits, temperature):
    if not temperature > 0:
        raise ValueError(f"bad temperature: {temperature}")
    return logits / temperature
