# Mistake: the parameter is called axis instead of dim.
def softmax(logits, axis=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(axis, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(axis, keepdim=True)
