# Mistake: sorts the caller's rows.
def real_lengths(attention_mask):
    for row in attention_mask:
        row.sort(reverse=True)
    return [row.index(0) if 0 in row else len(row) for row in attention_mask]
