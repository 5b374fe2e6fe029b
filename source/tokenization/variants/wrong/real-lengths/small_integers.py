# Mistake: counts in 8 bits, and starts again after 255.
import numpy as np


def real_lengths(attention_mask):
    return np.array(attention_mask).sum(1, dtype=np.uint8).tolist()
