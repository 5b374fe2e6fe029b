# The k indices scattered into a row of -inf (exactly k stay).
def top_k_filter(logits, k):
    if k <= 0:
        raise ValueError("k has to be positive, not " + str(k))
    x = logits.clone() if logits.is_floating_point() else logits.to(torch.float32)
    if k >= x.shape[-1]:
        return x
    values, indices = torch.topk(x, int(k), dim=-1, sorted=False)
    return torch.full_like(x, -math.inf).scatter(-1, indices, values)
