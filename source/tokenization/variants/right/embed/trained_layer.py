# A layer whose weight is the table; the answer carries a gradient.
def embed(input_ids, table):
    layer = torch.nn.Embedding(*table.shape, dtype=table.dtype)
    layer.weight = torch.nn.Parameter(table.clone())
    return layer(input_ids)
