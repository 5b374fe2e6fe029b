# Mistake: the sum over the whole tensor.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.max()
    return x - x.exp().sum().log()
