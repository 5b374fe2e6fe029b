# Mistake: the batch is not folded back.
def embed(input_ids, table):
    return table[input_ids.flatten()]
