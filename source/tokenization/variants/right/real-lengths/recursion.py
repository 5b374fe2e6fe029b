# Row by row, recursively, counting what is not padding.
from collections import Counter


def real_lengths(attention_mask):
    if not attention_mask:
        return []
    first, *rest = attention_mask
    return [len(first) - Counter(first)[0]] + real_lengths(rest)
