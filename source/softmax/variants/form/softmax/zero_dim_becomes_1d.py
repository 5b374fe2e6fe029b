# Form: a 0-dimensional tensor comes back with one dimension.
def softmax(logits, dim=-1):
    x = torch.atleast_1d(logits if logits.is_floating_point() else logits.float())
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(dim, keepdim=True)
