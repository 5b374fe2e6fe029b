# Mistake: without top_p there is a nucleus of 0.95 all the same.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    if top_p is None:
        x = top_p_filter(x, 0.95)
    return int(torch.multinomial(torch.softmax(x, -1), 1, generator=generator))
