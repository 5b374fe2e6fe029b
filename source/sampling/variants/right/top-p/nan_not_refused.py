# Says nothing of NaN, which no caller passes.
def top_p_filter(logits, p):
    if p <= 0 or p > 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x
    shares, order = x.softmax(-1).sort(-1, descending=True)
    drop = shares.cumsum(-1) - shares >= p
    return x.masked_fill(torch.zeros_like(drop).scatter(-1, order, drop), -math.inf)
