# NumPy arrays.
import numpy as np


def accuracy(labels, predictions):
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    if labels.size == 0 or labels.shape != predictions.shape:
        raise ValueError(f"cannot compare {labels.shape} with {predictions.shape}")
    return float(np.mean(labels == predictions))
