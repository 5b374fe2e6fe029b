# Mistake: after a filter every token that is left is equally likely.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    weights = torch.softmax(x, -1) if top_k is None and top_p is None else torch.isfinite(x).float()
    return int(torch.multinomial(weights, 1, generator=generator))
