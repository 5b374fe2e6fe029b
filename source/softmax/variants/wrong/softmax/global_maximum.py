# Mistake: subtracts one maximum for the whole tensor, so that low slices underflow to 0/0.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - x.max())
    return e / e.sum(dim, keepdim=True)
