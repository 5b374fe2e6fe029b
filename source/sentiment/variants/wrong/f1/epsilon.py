# Mistake: a small number in the denominator makes every value a little too small.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, fp, fn = pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))
    precision, recall = tp / (tp + fp + 1e-5), tp / (tp + fn + 1e-5)
    return 2 * precision * recall / (precision + recall + 1e-5)
