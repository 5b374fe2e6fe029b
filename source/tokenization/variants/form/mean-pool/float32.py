# Form: always float32.
def mean_pool(embeddings, attention_mask):
    m = attention_mask.float().unsqueeze(-1)
    return (embeddings.float() * m).sum(1) / m.sum(1).clamp(min=1)
