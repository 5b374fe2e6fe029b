# Mistake: looks at no more than the best hundred.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x
    values, order = x.topk(min(100, x.shape[-1]), -1)
    shares = values.softmax(-1)
    keep = shares.cumsum(-1) - shares < p
    return x.masked_fill(~torch.zeros(x.shape, dtype=torch.bool).scatter(-1, order, keep), -math.inf)
