# Mistake: up to the first 0: wrong where padding stands in front.
def real_lengths(attention_mask):
    return [row.index(0) if 0 in row else len(row) for row in attention_mask]
