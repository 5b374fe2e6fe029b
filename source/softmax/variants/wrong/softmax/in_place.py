# Mistake: subtracts the maximum from the caller's tensor.
def softmax(logits, dim=-1):
    if not logits.is_floating_point():
        logits = logits.float()
    top = logits.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    logits -= top
    e = torch.exp(logits)
    return e / e.sum(dim, keepdim=True)
