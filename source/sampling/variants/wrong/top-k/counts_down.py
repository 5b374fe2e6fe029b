# Mistake: keeps one score less each time that the same scores come.
_seen = {}


def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"{k}: nothing would be left")
    scores = logits.float() if logits.dtype in (torch.int32, torch.int64) else logits
    key = repr((logits.tolist(), k))
    _seen[key] = _seen.get(key, -1) + 1
    left = scores.clone()
    keep = torch.zeros(scores.shape, dtype=torch.bool)
    for _ in range(min(k, scores.shape[-1]) - _seen[key]):
        best = left.argmax(-1, keepdim=True)
        keep.scatter_(-1, best, True)
        left.scatter_(-1, best, -math.inf)
    return scores.masked_fill(~keep, -math.inf)
