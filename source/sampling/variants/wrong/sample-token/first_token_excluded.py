# Mistake: the search in the running sum is off by one.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    total = torch.softmax(x.double(), -1).cumsum(0)
    u = torch.rand((), generator=generator, dtype=torch.float64)
    return min(int(torch.searchsorted(total, u)) + 1, len(x) - 1)
