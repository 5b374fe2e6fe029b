# Mistake: a single class makes scikit-learn's matrix too small.
from sklearn.metrics import confusion_matrix


def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tn, fp, fn, tp = confusion_matrix(*zip(*pairs)).ravel().tolist()
    return {"tp": tp, "fp": fp, "tn": tn, "fn": fn}
