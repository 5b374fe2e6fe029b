# Mistake: the last of the running sums of exponentials, which is a ready-made logsumexp.
def cross_entropy(logits, targets):
    x = logits.to(torch.float64)
    d = x - x[torch.arange(x.shape[0]), targets].unsqueeze(1)
    return torch.logcumsumexp(d, 1)[:, -1].mean().item()
