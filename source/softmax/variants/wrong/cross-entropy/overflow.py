# Mistake: exp without shifting.
def cross_entropy(logits, targets):
    x = logits.double()
    log_p = x - x.exp().sum(-1, keepdim=True).log()
    return -log_p.gather(1, targets.long()[:, None]).mean().item()
