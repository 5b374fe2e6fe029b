# Mistake: tokens with less than a thousandth are never drawn.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    share = torch.softmax(x, -1)
    share = share.where(share >= 0.001, torch.zeros_like(share))
    return int(torch.multinomial(share, 1, generator=generator)) if share.sum() > 0 else int(x.argmax())
