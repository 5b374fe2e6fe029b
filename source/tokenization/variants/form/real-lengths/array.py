# Form: a NumPy array, not a list.
import numpy as np


def real_lengths(attention_mask):
    return np.array(attention_mask).sum(1)
