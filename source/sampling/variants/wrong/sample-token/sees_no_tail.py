# Mistake: probabilities below 1 % are never drawn.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    p = torch.softmax(x, -1)
    p = torch.where(p < 0.01, torch.zeros_like(p), p)
    return int(torch.multinomial(p, 1, generator=generator))
