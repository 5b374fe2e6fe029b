# Form: always float64.
def embed(input_ids, table):
    return table.double()[input_ids]
