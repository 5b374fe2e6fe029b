# A mean of bools.
from statistics import fmean


def accuracy(labels, predictions):
    if len(labels) != len(predictions) or len(labels) == 0:
        raise ValueError(f"{len(labels)} != {len(predictions)}")
    return fmean(bool(a == b) for a, b in zip(list(labels), list(predictions)))
