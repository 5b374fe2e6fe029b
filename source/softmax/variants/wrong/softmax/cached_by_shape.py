# Mistake: remembers answers by shape, so a second tensor of that shape gets the first one's.
_cache = {}


def softmax(logits, dim=-1):
    key = (tuple(logits.shape), dim, logits.dtype)
    if key not in _cache:
        x = logits if logits.is_floating_point() else logits.float()
        top = x.amax(dim, keepdim=True)
        if (top == -math.inf).any():
            raise ValueError("all -inf")
        e = torch.exp(x - top)
        _cache[key] = e / e.sum(dim, keepdim=True)
    return _cache[key]
