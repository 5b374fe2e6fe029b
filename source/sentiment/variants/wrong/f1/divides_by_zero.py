# Mistake: ZeroDivisionError where nothing was called positive.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, fp, fn = pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return 2 * precision * recall / (precision + recall)
