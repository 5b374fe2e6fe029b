# Mistake: a slice of -inf gives equal shares.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = torch.where(x.amax(dim, keepdim=True) == -math.inf, torch.zeros_like(x), x)
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
