# Mistake: softmax of the softmax, which is almost uniform.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    p = torch.softmax(x, -1)
    return int(torch.multinomial(torch.softmax(p.masked_fill(p == 0, -math.inf), -1), 1, generator=generator))
