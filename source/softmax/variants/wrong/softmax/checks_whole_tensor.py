# Mistake: raises only if the whole tensor is -inf, not for one slice of it.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x == -math.inf).all():
        raise ValueError("all -inf")
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
