# Mistake: only what is above the k-th largest stays.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    if k >= x.shape[-1]:
        return x
    best = x.topk(int(k)).values
    return x.masked_fill(x <= best[..., -1:], -math.inf)
