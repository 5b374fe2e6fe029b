# NumPy along the rows.
import numpy as np


def real_lengths(attention_mask):
    return np.array(attention_mask).sum(axis=1).tolist()
