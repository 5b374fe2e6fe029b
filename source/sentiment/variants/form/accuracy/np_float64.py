# Form: NumPy's mean is a NumPy float64.
import numpy as np


def accuracy(labels, predictions):
    labels, predictions = np.array(labels), np.array(predictions)
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("give two of the same length, and not empty")
    return np.mean(labels == predictions)
