# Mistake: 1 - mask: fails for a mask of booleans.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    hidden = (1 - attention_mask).unsqueeze(-1).bool()
    return x.masked_fill(hidden, 0).sum(1) / (~hidden).sum(1).clamp(min=1)
