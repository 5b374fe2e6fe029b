# Mistake: exponentiates without subtracting the maximum.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x)
    return e / e.sum(dim, keepdim=True)
