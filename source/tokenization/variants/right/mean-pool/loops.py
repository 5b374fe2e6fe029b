# Row by row, the chosen vectors and their mean.
def mean_pool(embeddings, attention_mask):
    if not torch.is_floating_point(embeddings):
        embeddings = embeddings.to(torch.float32)
    rows = []
    for vectors, mask in zip(embeddings, attention_mask):
        kept = vectors[mask != 0]
        rows.append(kept.mean(dim=0) if len(kept) else torch.zeros(vectors.shape[-1], dtype=vectors.dtype))
    return torch.stack(rows)
