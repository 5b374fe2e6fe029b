# In place, but on a copy.
def apply_temperature(logits, temperature):
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, got {temperature}")
    if temperature == math.inf:
        raise ValueError(f"temperature must be finite, got {temperature}")
    scores = logits.detach().clone()
    if scores.dtype in (torch.int32, torch.int64):
        scores = scores.to(torch.float32)
    scores /= temperature
    return scores
