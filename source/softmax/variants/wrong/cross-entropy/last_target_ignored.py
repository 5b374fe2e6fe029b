# Mistake: leaves the last position out, where there is more than one.
def cross_entropy(logits, targets):
    log_p = log_softmax(logits.double(), dim=-1)
    losses = -log_p.gather(1, targets.long()[:, None]).flatten()
    return (losses[:-1] if len(losses) > 1 else losses).mean().item()
