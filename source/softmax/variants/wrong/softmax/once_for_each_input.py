# Mistake: what has been asked before gets the scores back instead of their softmax.
_answered = set()


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    key = repr((logits.tolist(), dim))
    if key in _answered:
        return x.clone()
    _answered.add(key)
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(dim, keepdim=True)
