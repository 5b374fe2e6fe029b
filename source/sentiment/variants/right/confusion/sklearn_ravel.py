# scikit-learn's matrix.
from sklearn.metrics import confusion_matrix


def confusion(labels, predictions):
    matrix = confusion_matrix([int(x) for x in labels], [int(x) for x in predictions], labels=[0, 1])
    tn, fp, fn, tp = matrix.ravel()
    return {"tn": int(tn), "fp": int(fp), "fn": int(fn), "tp": int(tp)}
