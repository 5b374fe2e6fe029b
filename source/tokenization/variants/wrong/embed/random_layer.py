# Mistake: a layer with random numbers instead of the table.
def embed(input_ids, table):
    return torch.nn.Embedding(*table.shape, dtype=table.dtype)(input_ids)
