# Mistake: k = 0 means "no filter", as in some libraries.
def top_k_filter(logits, k):
    x = logits if logits.is_floating_point() else logits.float()
    if k == 0:
        return x
    if k < 0:
        raise ValueError(f"k = {k}")
    best = x.topk(min(int(k), x.shape[-1])).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
