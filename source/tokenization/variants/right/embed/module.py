# nn.Embedding around the table.
def embed(input_ids, table):
    layer = torch.nn.Embedding.from_pretrained(table, freeze=True)
    return layer(input_ids)
