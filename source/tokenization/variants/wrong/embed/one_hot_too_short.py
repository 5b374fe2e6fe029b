# Mistake: one-hot only as wide as the largest id plus one, cut from the wrong end of the table.
def embed(input_ids, table):
    hot = torch.nn.functional.one_hot(input_ids).to(table.dtype)
    return hot @ table[-hot.shape[-1]:]
