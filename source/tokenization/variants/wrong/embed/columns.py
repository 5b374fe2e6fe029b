# Mistake: looks up columns.
def embed(input_ids, table):
    return table.T[input_ids % table.shape[1]]
