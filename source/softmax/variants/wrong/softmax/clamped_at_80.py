# Mistake: caps the scores at 80, so that larger ones become equal.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x.clamp(max=80))
    return e / e.sum(dim, keepdim=True)
