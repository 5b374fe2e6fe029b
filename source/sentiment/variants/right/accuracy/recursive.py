# Counts recursively, in exact fractions.
from fractions import Fraction


def hits(pairs):
    if not pairs:
        return 0
    (label, said), *rest = pairs
    return (label == said) + hits(rest)


def accuracy(labels, predictions):
    labels = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    predictions = predictions.tolist() if hasattr(predictions, "tolist") else list(predictions)
    if len(labels) != len(predictions):
        raise ValueError("unequal lengths")
    try:
        return float(Fraction(hits(list(zip(labels, predictions))), len(labels)))
    except ZeroDivisionError:
        raise ValueError("empty")
