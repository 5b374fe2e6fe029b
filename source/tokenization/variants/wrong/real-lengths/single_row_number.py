# Mistake: a single row gives a number, not a list.
def real_lengths(attention_mask):
    lengths = [sum(row) for row in attention_mask]
    return lengths if len(lengths) > 1 else lengths[0]
