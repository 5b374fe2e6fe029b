# Form: [B, 1, D].
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    return (x * m).sum(1, keepdim=True) / m.sum(1, keepdim=True).clamp(min=1)
