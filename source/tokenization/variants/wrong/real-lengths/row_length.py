# Mistake: counts padding too.
def real_lengths(attention_mask):
    return [len(row) for row in attention_mask]
