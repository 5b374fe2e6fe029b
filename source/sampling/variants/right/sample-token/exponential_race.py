# An exponential race: the smallest waiting time wins.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    rates = torch.softmax(x.double(), -1)
    waiting = torch.empty_like(rates).exponential_(1, generator=generator)
    return (rates / waiting).argmax().item()
