# Mistake: the mean of both classes, weighted.
from sklearn.metrics import f1_score


def f1(labels, predictions):
    return float(f1_score([int(x) for x in labels], [int(x) for x in predictions], average="weighted", zero_division=0))
