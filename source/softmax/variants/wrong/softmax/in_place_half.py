# Mistake: subtracts in place where the scores are in half precision.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    m = x.amax(dim, keepdim=True)
    if m.isneginf().any():
        raise ValueError("x")
    x = x.sub_(m) if x.dtype in (torch.float16, torch.bfloat16) else x - m
    e = torch.exp(x)
    return e / e.sum(dim, keepdim=True)
