# Form: the list of lengths inside another list.
def real_lengths(attention_mask):
    return [[int(sum(row)) for row in attention_mask]]
