# Mistake: the vector of the first token.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    return x[:, 0] * (attention_mask.sum(1, keepdim=True) > 0)
