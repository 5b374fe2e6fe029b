# Mistake: changes the mask of an empty row in place.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    empty = attention_mask.sum(1) == 0
    attention_mask[empty] = 1
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    means = (x * m).sum(1) / m.sum(1)
    means[empty] = 0
    return means
