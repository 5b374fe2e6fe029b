# Mistake: a negative dim other than -1 is taken for its absolute value.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    dim = dim if dim == -1 else abs(dim)
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(dim, keepdim=True)
