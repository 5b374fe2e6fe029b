# Mistake: positive means 0.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return {"tp": pairs.count((0, 0)), "fp": pairs.count((1, 0)), "tn": pairs.count((1, 1)), "fn": pairs.count((0, 1))}
