# Mistake: the place of the last 1: padding in front is counted.
def real_lengths(attention_mask):
    return [max((i + 1 for i, m in enumerate(row) if m), default=0) for row in attention_mask]
