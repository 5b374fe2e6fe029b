# Form: a batch dimension too many.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(min(int(k), x.shape[-1])).values
    x = x.masked_fill(x < best[..., -1:], -math.inf)
    return x[None]
