# Mistake: keeps a share p of the tokens, not of the probability.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(math.ceil(p * x.shape[-1])).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
