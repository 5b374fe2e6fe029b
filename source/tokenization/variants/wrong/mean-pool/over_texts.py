# Mistake: the mean over the texts, token by token.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    return (x * m).sum(0) / m.sum(0).clamp(min=1)
