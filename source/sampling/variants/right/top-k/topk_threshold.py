# The k-th largest as a threshold (all of the tied stay).
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    k = min(int(k), x.size(-1))
    threshold = x.topk(k, dim=-1)[0][..., -1, None]
    return torch.where(x >= threshold, x, torch.full_like(x, float("-inf")))
