# Sums gathered with index_add, divided by bincount.
def mean_pool(embeddings, attention_mask):
    x = embeddings.double()
    rows, places = torch.nonzero(attention_mask, as_tuple=True)
    total = torch.zeros(len(x), x.shape[-1], dtype=x.dtype).index_add(0, rows, x[rows, places])
    number = torch.bincount(rows, minlength=len(x)).clamp(min=1)
    means = total / number[:, None]
    return means.to(embeddings.dtype if embeddings.is_floating_point() else torch.float32)
