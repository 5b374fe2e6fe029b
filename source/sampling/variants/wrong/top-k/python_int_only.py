# Mistake: NumPy's whole numbers are refused.
def top_k_filter(logits, k):
    if not isinstance(k, int) or k < 1:
        raise ValueError(f"k must be a positive int, not {k!r}")
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(min(k, x.shape[-1])).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
