# Mistake: adds up scores instead of probabilities.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x
    values, order = x.sort(-1, descending=True)
    drop = values.cumsum(-1) - values >= p
    drop[..., 0] = False
    return x.masked_fill(torch.zeros_like(drop).scatter(-1, order, drop), -math.inf)
