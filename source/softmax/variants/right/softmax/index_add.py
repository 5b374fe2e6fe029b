# scatter_reduce and index_add over flat rows.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    w = torch.atleast_1d(x.double()).movedim(dim, -1)
    n = w.shape[-1]
    flat = w.reshape(-1)
    row = torch.arange(flat.numel()) // n
    top = torch.full((flat.numel() // n,), -math.inf, dtype=torch.float64).scatter_reduce(0, row, flat, "amax")
    if torch.isneginf(top).any():
        raise ValueError("row without tokens")
    e = torch.exp(flat - top[row])
    total = torch.zeros(len(top), dtype=torch.float64).index_add(0, row, e)
    return (e / total[row]).reshape(w.shape).movedim(-1, dim).reshape(x.shape).to(x.dtype)
