# Mistake: works in float32 also where float64 came in, and casts back.
def softmax(logits, dim=-1):
    x = logits.float()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return (e / e.sum(dim, keepdim=True)).to(logits.dtype if logits.is_floating_point() else torch.float32)
