# Halves each slice recursively: log(exp(a) + exp(b)) of the two halves by log1p.
def _add(a, b):
    high, low = max(a, b), min(a, b)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def _total(row):
    if len(row) == 1:
        return row[0]
    middle = len(row) // 2
    return _add(_total(row[:middle]), _total(row[middle:]))


def _walk(nested):
    if isinstance(nested[0], list):
        return [_walk(part) for part in nested]
    total = _total(nested)
    if total == -math.inf:
        raise ValueError("all -inf")
    return [value - total for value in nested]


def log_softmax(logits, dim=-1):
    dtype = logits.dtype if logits.is_floating_point() else torch.float32
    nested = logits.swapaxes(dim, -1).tolist()
    return torch.tensor(_walk(nested), dtype=torch.float64).swapaxes(dim, -1).to(dtype).contiguous()
