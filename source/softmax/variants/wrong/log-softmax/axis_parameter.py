# Mistake: the parameter is called axis instead of dim.
def log_softmax(logits, axis=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(axis, keepdim=True)
    return x - x.exp().sum(axis, keepdim=True).log()
