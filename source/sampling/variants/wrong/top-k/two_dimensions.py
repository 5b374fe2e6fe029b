# Mistake: works for one and two dimensions only.
def top_k_filter(logits, k):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = (logits if logits.is_floating_point() else logits.float()).clone()
    if x.dim() == 1:
        return top_k_filter(x[None], k)[0]
    for i in range(len(x)):
        best = x[i].topk(min(int(k), x.shape[-1])).values
        x[i][x[i] < best[-1]] = -math.inf
    return x
