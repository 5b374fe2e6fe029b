# map and sum.
def real_lengths(attention_mask):
    return list(map(sum, attention_mask))
