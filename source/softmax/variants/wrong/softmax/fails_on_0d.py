# Mistake: indexes the shape by dim, which a 0-dimensional tensor does not have.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    size = x.shape[dim]
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError(f"all {size} are -inf")
    e = torch.exp(x - top)
    return e / e.sum(dim, keepdim=True)
