# Mistake: whole numbers have no -inf, and the answer for them is an error.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    best = logits.topk(min(int(k), logits.shape[-1])).values
    return logits.masked_fill(logits < best[..., -1:], -math.inf)
