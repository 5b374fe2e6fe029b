# Mistake: a row of nothing but padding has length 1.
def real_lengths(attention_mask):
    return [max(1, sum(row)) for row in attention_mask]
