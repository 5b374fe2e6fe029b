# Mistake: temperatures below a hundredth keep the best alone.
def apply_temperature(logits, temperature):
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"bad temperature: {temperature}")
    scores = logits / temperature
    if temperature < 0.01:
        return scores.masked_fill(scores < scores.amax(-1, keepdim=True), -math.inf)
    return scores
