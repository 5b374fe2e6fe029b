# Mistake: the mean of both classes' shares.
from sklearn.metrics import recall_score


def accuracy(labels, predictions):
    a, b = [int(x) for x in labels], [int(x) for x in predictions]
    if not a or len(a) != len(b):
        raise ValueError("lengths")
    return float(recall_score(a, b, average="macro", zero_division=0))
