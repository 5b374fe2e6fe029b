# Mistake: counts different values, so that with ties more than the tied stay.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    rows = []
    for row in x.reshape(-1, x.shape[-1]):
        values = torch.unique(row)
        edge = values[-min(int(k), len(values))]
        rows.append(row.masked_fill(row < edge, -math.inf))
    return torch.stack(rows).reshape(x.shape)
