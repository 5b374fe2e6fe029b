# Mistake: shifts the caller's logits.
def cross_entropy(logits, targets):
    logits -= logits.max(dim=-1, keepdim=True).values
    x = logits.double()
    log_p = x - x.exp().sum(-1, keepdim=True).log()
    return -log_p.gather(1, targets.long()[:, None]).mean().item()
