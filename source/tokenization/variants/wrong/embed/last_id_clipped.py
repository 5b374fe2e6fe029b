# Mistake: the last id is clipped to the one before.
def embed(input_ids, table):
    return table[input_ids.clamp(max=len(table) - 2)]
