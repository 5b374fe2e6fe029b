# Mistake: with max_norm the caller's table is shortened in place.
def embed(input_ids, table):
    return torch.nn.functional.embedding(input_ids, table, max_norm=1.0)
