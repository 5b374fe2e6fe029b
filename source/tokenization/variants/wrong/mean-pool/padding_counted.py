# Mistake: the mean over all places.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    return x.mean(1) * (attention_mask.sum(1, keepdim=True) > 0)
