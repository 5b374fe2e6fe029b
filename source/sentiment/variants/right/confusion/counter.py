# A Counter of pairs.
from collections import Counter


def confusion(labels, predictions):
    seen = Counter((int(a), int(b)) for a, b in zip(labels, predictions))
    return dict(tp=seen[1, 1], fp=seen[0, 1], tn=seen[0, 0], fn=seen[1, 0])
