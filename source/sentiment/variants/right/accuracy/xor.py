# 1 minus the mean difference.
import numpy as np


def accuracy(labels, predictions):
    a = np.array(list(labels), dtype=float); b = np.array(list(predictions), dtype=float)
    if not a.size or a.size != b.size: raise ValueError
    return 1.0 - float(np.abs(a - b).mean())
