# Mistake: float64 is worked in float32.
def mean_pool(embeddings, attention_mask):
    m = attention_mask.float().unsqueeze(-1)
    means = (embeddings.float() * m).sum(1) / m.sum(1).clamp(min=1)
    return means.to(embeddings.dtype if embeddings.is_floating_point() else torch.float32)
