# Form: the answer is always float32.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits.float()
    if p == 1:
        return x
    shares, order = logits.double().softmax(-1).sort(-1, descending=True)
    drop = shares.cumsum(-1) - shares >= p
    return x.masked_fill(torch.zeros_like(drop).scatter(-1, order, drop), -math.inf)
