# Mistake: takes the zeros out of the caller's rows.
def real_lengths(attention_mask):
    for row in attention_mask:
        while 0 in row:
            row.remove(0)
    return [len(row) for row in attention_mask]
