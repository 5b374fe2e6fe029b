# Mistake: the mean of the exponentials instead of their sum.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().mean(dim, keepdim=True).log()
