# Mistake: padding is left out of the number, but not of the sum.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    n = attention_mask.to(x.dtype).sum(1, keepdim=True)
    return torch.where(n > 0, x.sum(1) / n.clamp(min=1), torch.zeros_like(x[:, 0]))
