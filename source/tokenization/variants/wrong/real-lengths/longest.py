# Mistake: the longest row for all.
def real_lengths(attention_mask):
    return [max(sum(row) for row in attention_mask)] * len(attention_mask)
