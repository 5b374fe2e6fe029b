# Mistake: divides by the total of the whole tensor.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum()
