# Mistake: keeps the tokens with a probability of at least 1 - p.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    return x.masked_fill(x.softmax(-1) < 1 - p, -math.inf)
