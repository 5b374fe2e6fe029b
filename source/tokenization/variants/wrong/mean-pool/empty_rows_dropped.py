# Mistake: rows without a real token are left out.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    kept = attention_mask.sum(1) > 0
    m = attention_mask[kept].to(x.dtype).unsqueeze(-1)
    return (x[kept] * m).sum(1) / m.sum(1)
