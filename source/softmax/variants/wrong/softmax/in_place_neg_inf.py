# Mistake: writes a large negative number over the caller's -inf.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    x[x == -math.inf] = -3e4
    e = torch.exp(x - top)
    return e / e.sum(dim, keepdim=True)
