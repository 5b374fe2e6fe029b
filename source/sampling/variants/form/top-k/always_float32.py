# Form: the answer is always float32.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits.float()
    best = x.topk(min(int(k), x.shape[-1])).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
