# The mask as weights that add up to 1, and a batched matrix product.
def mean_pool(embeddings, attention_mask):
    kind = embeddings.dtype if embeddings.dtype.is_floating_point else torch.float32
    weights = attention_mask.to(kind)
    weights = weights / weights.sum(dim=1, keepdim=True).clamp_min(1)
    return torch.bmm(weights[:, None], embeddings.to(kind)).squeeze(1)
