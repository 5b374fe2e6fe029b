# Form: always float32.
def embed(input_ids, table):
    return table.float()[input_ids]
