# Mistake: takes the logarithm of the scores.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amin(dim, keepdim=True) + 1
    return x.log() - x.sum(dim, keepdim=True).log()
