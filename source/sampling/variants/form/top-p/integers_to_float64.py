# Form: whole numbers become float64.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.double()
    if p == 1:
        return x
    shares, order = x.softmax(-1).sort(-1, descending=True)
    drop = shares.cumsum(-1) - shares >= p
    return x.masked_fill(torch.zeros_like(drop).scatter(-1, order, drop), -math.inf)
