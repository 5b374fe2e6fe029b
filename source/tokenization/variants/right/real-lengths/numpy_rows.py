# NumPy row by row, each count converted back.
import numpy as np


def real_lengths(attention_mask):
    return [int(np.count_nonzero(row)) for row in attention_mask]
