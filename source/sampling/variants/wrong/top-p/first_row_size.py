# Mistake: every row keeps as many tokens as the first one needs.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x
    shares = x.reshape(-1, x.shape[-1])[0].softmax(-1).sort(descending=True).values
    size = int((shares.cumsum(-1) < p).sum()) + 1
    edge = x.topk(min(size, x.shape[-1]), -1).values[..., -1:]
    return x.masked_fill(x < edge, -math.inf)
