# Mistake: the mean of both classes' F1.
from sklearn.metrics import f1_score


def f1(labels, predictions):
    return float(f1_score([int(x) for x in labels], [int(x) for x in predictions], average="macro", zero_division=0))
