# Mistake: 1.0 where neither labels nor predictions are positive.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, fp, fn = pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0
