# Mistake: the median of the losses.
def cross_entropy(logits, targets):
    log_p = log_softmax(logits.double(), dim=-1)
    return -log_p.gather(1, targets[:, None]).median().item()
