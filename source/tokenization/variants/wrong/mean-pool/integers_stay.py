# Mistake: whole numbers are divided to whole numbers.
def mean_pool(embeddings, attention_mask):
    m = attention_mask.to(embeddings.dtype).unsqueeze(-1)
    return ((embeddings * m).sum(1) / m.sum(1).clamp(min=1)).to(embeddings.dtype)
