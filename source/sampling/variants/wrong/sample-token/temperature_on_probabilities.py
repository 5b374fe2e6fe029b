# Mistake: divides the probabilities by the temperature, which multinomial scales back again.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = logits
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    return int(torch.multinomial(torch.softmax(x, -1) / temperature, 1, generator=generator))
