# Mistake: the first dimension by default instead of the last.
def log_softmax(logits, dim=0):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()
