# One-hot targets and an einsum; helpers called logsumexp and nll_loss are the student's own.
def logsumexp(x):
    top = x.amax(-1)
    return top + (x - top[:, None]).exp().sum(-1).log()


def nll_loss(log_probabilities, targets):
    chosen = torch.nn.functional.one_hot(targets.long(), log_probabilities.shape[1]).double()
    return torch.einsum("tv,tv->", log_probabilities, chosen) / -len(targets)


def cross_entropy(logits, targets):
    """As torch.nn.functional.cross_entropy would have it, but without it."""
    x = logits.double()
    return nll_loss(x - logsumexp(x)[:, None], targets).item()
