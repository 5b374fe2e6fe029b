# Mistake: float64 scores are compared in float32.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    narrow = x.float()
    best = narrow.topk(min(int(k), x.shape[-1])).values
    return x.masked_fill(narrow < best[..., -1:], -math.inf)
