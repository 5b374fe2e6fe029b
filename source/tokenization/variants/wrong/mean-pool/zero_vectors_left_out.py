# Mistake: looks at the vectors instead of the mask: only zeros count as padding.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = (x.abs().sum(-1, keepdim=True) > 0).to(x.dtype) * (attention_mask.sum(1)[:, None, None] > 0)
    return (x * m).sum(1) / m.sum(1).clamp(min=1)
