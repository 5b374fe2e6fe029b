# Mistake: draws from a copy: the generator itself does not go on.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    copy = torch.Generator()
    copy.set_state(generator.get_state())
    return int(torch.multinomial(torch.softmax(x, -1), 1, generator=copy))
