# Halves folded with logaddexp, by recursion.
def _lse(x, dim):
    n = x.size(dim)
    if n == 1:
        return x
    a, b = x.split([n // 2, n - n // 2], dim)
    return torch.logaddexp(_lse(a, dim), _lse(b, dim))


def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    return x - _lse(x, dim)
