# Mistake: the tensor's own logsumexp, which this task forbids.
def cross_entropy(logits, targets):
    x = logits.double()
    chosen = x.gather(1, targets.long()[:, None]).squeeze(1)
    return (x.logsumexp(dim=-1) - chosen).mean().item()
