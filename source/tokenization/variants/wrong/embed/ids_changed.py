# Mistake: changes the ids in place.
def embed(input_ids, table):
    vectors = table[input_ids]
    input_ids.clamp_(min=1)
    return vectors
