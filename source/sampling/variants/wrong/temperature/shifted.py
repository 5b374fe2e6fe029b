# Mistake: the best score is moved to 0; the distribution is the same, the scores are not.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    scores = logits / temperature
    return scores - scores.max(-1, keepdim=True).values
