# Mistake: list methods on whatever comes in.
def f1(labels, predictions):
    tp = sum(a and b for a, b in zip(labels, predictions))
    total = labels.count(1) + predictions.count(1)
    return float(2 * tp / total) if total else 0.0
