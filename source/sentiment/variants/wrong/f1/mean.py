# Mistake: the arithmetic mean of precision and recall.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, fp, fn = pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))
    return (tp / (tp + fp) + tp / (tp + fn)) / 2 if tp else 0.0
