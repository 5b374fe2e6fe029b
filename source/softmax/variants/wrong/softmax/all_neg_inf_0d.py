# Mistake: a single -inf has probability 1.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if x.dim() == 0:
        return torch.ones_like(x)
    m = x.amax(dim, keepdim=True)
    if m.isneginf().any():
        raise ValueError("x")
    e = torch.exp(x - m)
    return e / e.sum(dim, keepdim=True)
