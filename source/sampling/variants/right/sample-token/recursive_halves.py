# Goes left or right in halves of the vocabulary, a coin for each.
def descend(p, first, generator):
    if len(p) == 1:
        return first
    half = len(p) // 2
    left = float(p[:half].sum())
    if torch.rand((), generator=generator, dtype=torch.float64) * float(p.sum()) < left:
        return descend(p[:half], first, generator)
    return descend(p[half:], first + half, generator)


def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits.double(), temperature)
    if top_k:
        x = top_k_filter(x, top_k)
    if top_p:
        x = top_p_filter(x, top_p)
    return descend(torch.softmax(x, -1), 0, generator)
