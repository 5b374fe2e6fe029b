# Mistake: cells that stay empty have no key.
from collections import Counter


def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    names = {(1, 1): "tp", (0, 1): "fp", (0, 0): "tn", (1, 0): "fn"}
    return dict(Counter(names[pair] for pair in pairs))
