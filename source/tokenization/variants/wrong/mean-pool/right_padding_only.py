# Mistake: takes the first n places, whatever the mask says where they are.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    rows = []
    for vectors, mask in zip(x, attention_mask):
        n = int(mask.sum())
        rows.append(vectors[:n].mean(0) if n else torch.zeros_like(vectors[0]))
    return torch.stack(rows)
