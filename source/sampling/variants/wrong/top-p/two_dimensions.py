# Mistake: works for one and two dimensions only.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x
    if x.dim() == 1:
        return top_p_filter(x[None], p)[0]
    shares, order = x.softmax(1).sort(1, descending=True)
    drop = shares.cumsum(1) - shares >= p
    return x.masked_fill(torch.zeros_like(drop).scatter(1, order, drop), -math.inf)
