# Mistake: always works along the last dimension.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(-1, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(-1, keepdim=True)
