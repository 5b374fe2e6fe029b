# Mistake: F1 of the label 0.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, fp, fn = pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))
    tn = pairs.count((0, 0))
    return 2 * tn / (2 * tn + fp + fn) if tn else 0.0
