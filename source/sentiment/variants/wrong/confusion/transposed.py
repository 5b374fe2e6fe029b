# Mistake: scikit-learn's matrix read as if predictions came first.
from sklearn.metrics import confusion_matrix


def confusion(labels, predictions):
    matrix = confusion_matrix([int(x) for x in labels], [int(x) for x in predictions], labels=[0, 1])
    tn, fn, fp, tp = (int(n) for n in matrix.ravel())
    return {"tp": tp, "fp": fp, "tn": tn, "fn": fn}
