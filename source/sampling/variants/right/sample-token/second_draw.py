# Draws twice and takes the second: the generator may advance as it likes.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    share = torch.softmax(x, -1)
    return int(torch.multinomial(share, 2, replacement=True, generator=generator)[1])
