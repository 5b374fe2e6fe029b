# Mistake: sets the padding's row of the caller's table to zero, behind the answer's back.
def embed(input_ids, table):
    vectors = table[input_ids]
    table[0] = 0
    return vectors
