# Mistake: [T, B, D].
def embed(input_ids, table):
    return table[input_ids.T]
