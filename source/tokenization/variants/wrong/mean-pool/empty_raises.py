# Mistake: raises for a row without a real token.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    if (m.sum(1) == 0).any():
        raise ValueError("a row has no real token")
    return (x * m).sum(1) / m.sum(1)
