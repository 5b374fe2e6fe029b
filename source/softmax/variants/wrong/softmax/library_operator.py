# Mistake: the same function through torch.ops.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    return torch.ops.aten.softmax.int(x, dim)
