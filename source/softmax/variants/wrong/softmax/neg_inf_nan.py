# Mistake: masks -inf by multiplying, and 0 times -inf is NaN.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    mask = torch.isfinite(x).to(x.dtype)
    e = torch.exp((x - top) * mask) * mask
    return e / e.sum(dim, keepdim=True)
