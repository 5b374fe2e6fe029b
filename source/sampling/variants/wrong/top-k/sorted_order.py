# Mistake: the scores come back sorted.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    x = x.sort(-1, descending=True).values
    x[..., int(k):] = -math.inf
    return x
