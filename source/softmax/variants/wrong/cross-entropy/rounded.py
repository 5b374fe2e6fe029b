# Mistake: rounds to 4 decimals.
def cross_entropy(logits, targets):
    log_p = log_softmax(logits.double(), dim=-1)
    return round(-log_p.gather(1, targets.long()[:, None]).mean().item(), 4)
