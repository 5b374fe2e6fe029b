# Mistake: the mean over the wrong dimension where T and D are equal.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    if x.shape[1] == x.shape[2] and x.shape[0] == x.shape[1]:
        x = x.transpose(1, 2)
    m = attention_mask.to(x.dtype).unsqueeze(-1)
    return (x * m).sum(1) / m.sum(1).clamp(min=1)
