# The k-th largest is the (V - k + 1)-th smallest.
def top_k_filter(logits, k):
    size = logits.shape[-1]
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k}")
    x = logits * 1.0 if logits.is_floating_point() else logits.float()
    if k < size:
        edge = x.kthvalue(size - int(k) + 1, dim=-1, keepdim=True).values
        x = x.masked_fill(x.lt(edge), float("-inf"))
    return x
