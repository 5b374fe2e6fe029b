# Mistake: adds the position, which is another table's business.
def embed(input_ids, table):
    return table[input_ids] + torch.arange(input_ids.shape[1], dtype=table.dtype)[None, :, None]
