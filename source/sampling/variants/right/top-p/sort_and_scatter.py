# Sort, sum, scatter back.
def top_p_filter(logits, p):
    if p <= 0 or p > 1 or math.isnan(p):
        raise ValueError(f"p = {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1.0:
        return x
    values, index = torch.sort(x, dim=-1, descending=True)
    cumulative = torch.cumsum(torch.softmax(values, dim=-1), dim=-1)
    drop = cumulative >= p
    drop = torch.cat([torch.zeros_like(drop[..., :1]), drop[..., :-1]], dim=-1)
    return torch.full_like(x, -math.inf).scatter(-1, index, values.masked_fill(drop, -math.inf))
