# Draws a rank, then looks up the token.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    k = len(logits) if top_k is None else min(int(top_k), len(logits))
    values, ids = torch.topk(logits / temperature, k)
    share = values.softmax(0)
    if top_p is not None:
        before = torch.cat([torch.zeros(1, dtype=share.dtype), share.cumsum(0)[:-1]])
        share = torch.where(before < top_p, share, torch.zeros_like(share))
    rank = torch.multinomial(share, 1, generator=generator)
    return int(ids[rank])
