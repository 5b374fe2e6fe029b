# Mistake: clamps the shifted logits, so that -inf gets a small probability.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp((x - top).clamp(min=-15))
    return e / e.sum(dim, keepdim=True)
