# Form: one of the counts is a float.
import numpy as np


def confusion(labels, predictions):
    y, p = np.array([int(v) for v in labels]), np.array([int(v) for v in predictions])
    return {"tp": np.sum(y * p) * 1.0, "fp": int(np.sum((1 - y) * p)), "tn": int(np.sum((1 - y) * (1 - p))), "fn": int(np.sum(y * (1 - p)))}
