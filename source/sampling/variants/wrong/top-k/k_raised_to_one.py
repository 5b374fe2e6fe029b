# Mistake: a k below 1 is quietly raised to 1.
def top_k_filter(logits, k):
    x = logits if logits.is_floating_point() else logits.float()
    best = x.topk(max(1, min(int(k), x.shape[-1]))).values
    return x.masked_fill(x < best[..., -1:], -math.inf)
