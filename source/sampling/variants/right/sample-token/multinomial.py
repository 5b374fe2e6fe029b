# The three filters, softmax, multinomial.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    x = x if top_k is None else top_k_filter(x, top_k)
    x = x if top_p is None else top_p_filter(x, top_p)
    return torch.multinomial(torch.softmax(x, dim=-1), num_samples=1, generator=generator).item()
