# Mistake: the running sum of what is left does not reach 1, and numbers beyond it fall to the last token.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    share = torch.softmax(x.double(), -1)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    ids = torch.isfinite(x).nonzero().flatten()
    total = share[ids].cumsum(0)
    u = torch.rand((), generator=generator, dtype=torch.float64)
    return int(ids[min(int(torch.searchsorted(total, u)), len(ids) - 1)])
