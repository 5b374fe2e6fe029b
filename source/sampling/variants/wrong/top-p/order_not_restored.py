# Mistake: the answer is in sorted order.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x
    values = x.sort(-1, descending=True).values
    shares = values.softmax(-1)
    return values.masked_fill(shares.cumsum(-1) - shares >= p, -math.inf)
