# Mistake: sets padded places of the caller's vectors to zero.
def mean_pool(embeddings, attention_mask):
    embeddings[attention_mask == 0] = 0
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    return x.sum(1) / attention_mask.to(x.dtype).sum(1, keepdim=True).clamp(min=1)
