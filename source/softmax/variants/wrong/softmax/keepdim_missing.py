# Mistake: keepdim is missing at the total, so that a matrix is divided by the wrong one or not at all.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(dim)
