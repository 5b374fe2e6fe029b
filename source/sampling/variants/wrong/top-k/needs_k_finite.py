# Mistake: fails where fewer than k scores are finite.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    if k >= x.shape[-1]:
        return x
    best = x.topk(int(k)).values
    if torch.isinf(best).any():
        raise ValueError(f"fewer than {k} tokens are left")
    return x.masked_fill(x < best[..., -1:], -math.inf)
