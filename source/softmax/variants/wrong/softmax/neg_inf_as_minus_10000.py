# Mistake: takes -10,000 for -inf, so that beside a logit of -10,000 a ruled-out token is as likely.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    x = x.masked_fill(x == -math.inf, -1e4)
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
