# Mistake: the logarithm of the mean probability instead of the mean logarithm.
def cross_entropy(logits, targets):
    log_p = log_softmax(logits.double(), dim=-1).gather(1, targets[:, None]).flatten()
    top = log_p.max()
    return -(top + (log_p - top).exp().mean().log()).item()
