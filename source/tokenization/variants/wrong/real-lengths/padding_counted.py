# Mistake: how many are padding.
def real_lengths(attention_mask):
    return [len(row) - sum(row) for row in attention_mask]
