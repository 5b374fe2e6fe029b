# Form: always float64.
def mean_pool(embeddings, attention_mask):
    m = attention_mask.double().unsqueeze(-1)
    return (embeddings.double() * m).sum(1) / m.sum(1).clamp(min=1)
