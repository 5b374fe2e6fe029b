# Plain Python: add up from the best down, row by row.
def nucleus(row, p):
    top = max(row)
    weights = [math.exp(x - top) for x in row]
    total = math.fsum(weights)
    kept, reached = set(), 0.0
    for i in sorted(range(len(row)), key=lambda i: -row[i]):
        kept.add(i)
        reached += weights[i] / total
        if reached >= p:
            break
    return [x if i in kept else -math.inf for i, x in enumerate(row)]


def top_p_filter(logits, p):
    if not (p > 0 and p <= 1):
        raise ValueError("p must be in (0, 1], got %s" % p)
    dtype = logits.dtype if logits.is_floating_point() else torch.float32
    if p == 1:
        return logits.to(dtype)
    rows = logits.reshape(-1, logits.shape[-1]).tolist()
    return torch.tensor([nucleus(row, p) for row in rows], dtype=dtype).reshape(logits.shape)
