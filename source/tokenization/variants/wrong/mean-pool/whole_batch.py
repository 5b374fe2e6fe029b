# Mistake: one mean for the whole batch, repeated.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    mean = (x * m).sum((0, 1)) / m.sum().clamp(min=1)
    return mean.expand(len(x), -1)
