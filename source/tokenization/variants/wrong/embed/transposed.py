# Mistake: [B, D, T].
def embed(input_ids, table):
    return table[input_ids].transpose(1, 2)
