# torch.vmap over the rows of a moved dimension.
def _one(v):
    e = torch.exp(v - v.max())
    return e / e.sum()


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if x.ndim == 0:
        if torch.isneginf(x):
            raise ValueError("no token is left")
        return torch.ones_like(x)
    if torch.isneginf(x).all(dim).any():
        raise ValueError("no token is left")
    rows = x.movedim(dim, -1)
    return torch.vmap(_one)(rows.reshape(-1, rows.shape[-1])).reshape(rows.shape).movedim(-1, dim)
