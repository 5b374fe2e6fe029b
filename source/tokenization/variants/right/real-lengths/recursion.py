# Row by row, recursively, counting what is not padding; a tuple.
from collections import Counter


def real_lengths(attention_mask):
    if len(attention_mask) == 0:
        return ()
    counts = Counter(attention_mask[0])
    return (len(attention_mask[0]) - counts[0], *real_lengths(attention_mask[1:]))
