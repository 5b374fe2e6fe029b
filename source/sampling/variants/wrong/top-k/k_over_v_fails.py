# Mistake: a k above the vocabulary is an error.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(int(k)).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
