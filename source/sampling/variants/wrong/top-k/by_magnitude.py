# Mistake: the k largest by absolute value.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    best = x.abs().topk(min(int(k), x.shape[-1])).values
    return x.masked_fill(x.abs() < best[..., -1:], -math.inf)
