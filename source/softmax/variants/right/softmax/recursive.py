# Recursion over the leading dimensions down to single vectors.
def _vector(v):
    m = v.max()
    if m.item() == -math.inf:
        raise ValueError("cannot normalise a vector of -inf")
    e = (v - m).exp()
    return e.div(e.sum())


def _deeper(t):
    if t.dim() == 1:
        return _vector(t)
    return torch.stack([_deeper(part) for part in t.unbind(0)])


def softmax(logits, dim=-1):
    if not logits.is_floating_point():
        logits = logits.to(torch.float32)
    if logits.ndim == 0:
        return _vector(logits.view(1)).view(())
    last = logits.ndim - 1
    return _deeper(logits.transpose(dim, last)).transpose(dim, last)
