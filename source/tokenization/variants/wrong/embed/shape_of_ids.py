# Mistake: folds back as [T, B, D].
def embed(input_ids, table):
    b, t = input_ids.shape
    return table[input_ids.flatten()].reshape(t, b, -1)
