# Form: an array without dimensions.
import numpy as np


def accuracy(labels, predictions):
    a, b = np.array(list(labels), dtype=int), np.array(list(predictions), dtype=int)
    if a.size == 0 or a.size != b.size:
        raise ValueError("lengths")
    return np.array((a == b).mean())
