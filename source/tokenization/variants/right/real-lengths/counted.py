# count of ones.
def real_lengths(attention_mask):
    return [row.count(1) for row in attention_mask]
