# NumPy, where 0/0 is nan and nan becomes 0.
import numpy as np


def f1(labels, predictions):
    y, p = np.asarray(list(labels), dtype=float), np.asarray(list(predictions), dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = 2 * np.sum(y * p) / (np.sum(y) + np.sum(p))
    return float(np.nan_to_num(value))
