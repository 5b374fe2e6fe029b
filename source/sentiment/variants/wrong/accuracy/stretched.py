# Mistake: a single prediction is stretched to all labels.
import numpy as np


def accuracy(labels, predictions):
    a, b = np.asarray(list(labels), dtype=int), np.asarray(list(predictions), dtype=int)
    if len(a) == 0 or len(b) == 0:
        raise ValueError("empty")
    return float((a == b).mean())
