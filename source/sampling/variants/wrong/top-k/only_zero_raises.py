# Mistake: a negative k counts from the other end.
def top_k_filter(logits, k):
    if k == 0:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    order = x.argsort(-1, descending=True)[..., : int(k)]
    keep = torch.zeros(x.shape, dtype=torch.bool).scatter(-1, order, True)
    return x.masked_fill(~keep, -math.inf)
