# Mistake: a slice of -inf gives nan instead of a ValueError.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
