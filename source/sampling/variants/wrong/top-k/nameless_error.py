# Mistake: the error does not say which k it was.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError("k must be positive")
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(min(int(k), x.shape[-1])).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
