# Form: returns a NumPy float32.
import numpy as np


def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return np.float32(sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels))
