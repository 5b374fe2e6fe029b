# Mistake: a mask of 0 and -inf is multiplied with the scores: -inf becomes NaN.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(min(int(k), x.shape[-1])).values
    keep = (x >= best[..., -1:]).to(x.dtype)
    return x * keep + torch.log(keep)
