# A defaultdict, returned as another mapping.
from collections import OrderedDict, defaultdict


def confusion(labels, predictions):
    d = defaultdict(int, tp=0, fp=0, tn=0, fn=0)
    for y, p in zip(map(bool, labels), map(bool, predictions)):
        d["ft"[y == p] + "np"[p]] += 1
    return OrderedDict(d)
