# Mistake: the first draw for each seed is remembered and given again.
seen = {}


def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    key = generator.initial_seed(), len(logits), temperature, top_k, top_p
    if key not in seen:
        x = apply_temperature(logits, temperature)
        if top_k is not None:
            x = top_k_filter(x, top_k)
        if top_p is not None:
            x = top_p_filter(x, top_p)
        seen[key] = int(torch.multinomial(torch.softmax(x, -1), 1, generator=generator))
    return seen[key]
