# Mistake: adds up in the order of the vocabulary, without sorting.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x
    shares = x.softmax(-1)
    return x.masked_fill(shares.cumsum(-1) - shares >= p, -math.inf)
