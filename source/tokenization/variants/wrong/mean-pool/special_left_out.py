# Mistake: the first and the last real token are left out, as if [CLS] and [SEP] did not count.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    rows = []
    for vectors, mask in zip(x, attention_mask.bool()):
        kept = vectors[mask][1:-1]
        rows.append(kept.mean(0) if len(kept) else torch.zeros_like(vectors[0]))
    return torch.stack(rows)
