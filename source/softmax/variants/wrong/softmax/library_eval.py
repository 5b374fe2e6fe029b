# Mistake: the forbidden call is hidden in a string.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    return eval("torch." + "xamtfos"[::-1])(x, dim)
