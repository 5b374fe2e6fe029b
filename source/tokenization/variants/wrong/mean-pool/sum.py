# Mistake: the sum, not the mean.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    return (x * attention_mask.to(x.dtype).unsqueeze(-1)).sum(1)
