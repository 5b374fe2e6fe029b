# Form: a tuple.
def real_lengths(attention_mask):
    return tuple(sum(row) for row in attention_mask)
