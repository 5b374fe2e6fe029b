# Mistake: [CLS] and [SEP] are taken off.
def real_lengths(attention_mask):
    return [max(sum(row) - 2, 0) for row in attention_mask]
