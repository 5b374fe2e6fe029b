# Mistake: where nothing is ruled out whole numbers stay whole numbers.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    if k >= logits.shape[-1]:
        return logits
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(int(k)).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
