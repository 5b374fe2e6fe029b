# Mistake: Gumbel noise on probabilities instead of scores.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    u = torch.rand(x.shape, generator=generator, dtype=torch.float64).clamp(min=1e-300)
    share = torch.softmax(x.double(), -1)
    return int((share - torch.log(-torch.log(u))).masked_fill(share == 0, -math.inf).argmax())
