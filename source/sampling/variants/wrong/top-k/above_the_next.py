# Mistake: on a tie between the k-th and the next nothing of the tied stays.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    if k >= x.shape[-1]:
        return x
    next_best = x.topk(int(k) + 1).values[..., -1:]
    return x.masked_fill(x <= next_best, -math.inf)
