# Mistake: a k of one less than the vocabulary already rules out nothing.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    if k + 1 >= x.shape[-1]:
        return x
    best = x.topk(int(k)).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
