# Mistake: the mask is laid along the vectors instead of the tokens.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.to(x.dtype).unsqueeze(1)
    return (x * m).sum(1) / m.sum(2).clamp(min=1)
