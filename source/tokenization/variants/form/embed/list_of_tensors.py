# Form: a list with a tensor for each text.
def embed(input_ids, table):
    return [table[row] for row in input_ids]
