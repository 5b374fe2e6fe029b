# One-hot vectors times the table.
def embed(input_ids, table):
    chosen = torch.nn.functional.one_hot(input_ids, num_classes=table.shape[0])
    return chosen.to(table.dtype) @ table
