# Mistake: p is a share of the whole vocabulary, although top-k has already taken the rest away.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    share = torch.softmax(x, -1)
    if top_k is not None:
        share = torch.where(torch.isfinite(top_k_filter(x, top_k)), share, torch.zeros_like(share))
    if top_p is not None:
        values, order = share.sort(descending=True)
        share = torch.zeros_like(share).scatter(0, order, values * (values.cumsum(0) - values < top_p))
    return int(torch.multinomial(share, 1, generator=generator))
