# Mistake: a row without a real token gives the mean of the padding.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    return torch.where(m.sum(1) > 0, (x * m).sum(1) / m.sum(1).clamp(min=1), x.mean(1))
