# One uniform number and the running sum, without the functions from before.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    scores, ids = (logits.double() / temperature).sort(descending=True)
    if top_k is not None:
        scores, ids = scores[:top_k], ids[:top_k]
    share = torch.softmax(scores, 0)
    if top_p is not None and top_p < 1:
        size = int((share.cumsum(0) < top_p).sum()) + 1
        share, ids = share[:size], ids[:size]
    total = share.cumsum(0)
    u = torch.rand((), generator=generator, dtype=torch.float64) * total[-1]
    return int(ids[min(int(torch.searchsorted(total, u, right=True)), len(ids) - 1)])
