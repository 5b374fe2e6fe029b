# Form: an int of NumPy's instead of Python's.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    return torch.multinomial(torch.softmax(x, -1), 1, generator=generator).numpy()[0]
