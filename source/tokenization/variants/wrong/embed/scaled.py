# Mistake: scaled by the square root of D, as some models do later.
def embed(input_ids, table):
    return table[input_ids] * table.shape[1] ** 0.5
