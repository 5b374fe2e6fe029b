# Form: an integer without dimensions stays an integer.
def softmax(logits, dim=-1):
    if logits.dim() == 0:
        if logits == -math.inf:
            raise ValueError("x")
        return torch.ones_like(logits)
    x = logits if logits.is_floating_point() else logits.float()
    m = x.amax(dim, keepdim=True)
    if m.isneginf().any():
        raise ValueError("x")
    e = torch.exp(x - m)
    return e / e.sum(dim, keepdim=True)
