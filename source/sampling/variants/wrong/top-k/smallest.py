# Mistake: keeps the smallest.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    if k >= x.shape[-1]:
        return x
    edge = x.topk(int(k), largest=False).values[..., -1:]
    return x.masked_fill(x > edge, -math.inf)
