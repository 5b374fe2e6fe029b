# Mistake: shares instead of counts.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    n = len(pairs)
    return {"tp": pairs.count((1, 1)) / n, "fp": pairs.count((0, 1)) / n, "tn": pairs.count((0, 0)) / n, "fn": pairs.count((1, 0)) / n}
