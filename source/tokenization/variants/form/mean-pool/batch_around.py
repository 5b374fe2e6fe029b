# Form: one more dimension in front.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    return ((x * m).sum(1) / m.sum(1).clamp(min=1))[None]
