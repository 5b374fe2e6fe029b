# Mistake: every id only once.
def embed(input_ids, table):
    return table[input_ids.unique()].unsqueeze(0)
