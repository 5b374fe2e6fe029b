# Mistake: double() is no copy of a float64 tensor, so that one is changed in place.
def softmax(logits, dim=-1):
    x = logits.double()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    x -= top
    e = x.exp_()
    return (e / e.sum(dim, keepdim=True)).to(logits.dtype if logits.is_floating_point() else torch.float32)
