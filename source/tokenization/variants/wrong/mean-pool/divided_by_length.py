# Mistake: padding is left out of the sum, but not of the number.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    return (x * attention_mask.to(x.dtype).unsqueeze(-1)).mean(1)
