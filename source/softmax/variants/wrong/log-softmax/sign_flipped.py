# Mistake: the negative log-probability.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return x.exp().sum(dim, keepdim=True).log() - x
