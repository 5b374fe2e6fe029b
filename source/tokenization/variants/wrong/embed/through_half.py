# Mistake: goes through float16.
def embed(input_ids, table):
    return table.half()[input_ids].to(table.dtype)
