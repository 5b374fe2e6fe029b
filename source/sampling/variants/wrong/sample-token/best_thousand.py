# Mistake: only the best thousand tokens are ever drawn.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    best = x.topk(min(1000, len(x)))
    return int(best.indices[torch.multinomial(torch.softmax(best.values, -1), 1, generator=generator)])
