# scikit-learn on plain lists.
from sklearn.metrics import accuracy_score


def accuracy(labels, predictions):
    if not len(labels):
        raise ValueError("no labels")
    return float(accuracy_score(list(map(int, labels)), list(map(int, predictions))))
