# Form: counts are floats.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return {"tp": float(pairs.count((1, 1))), "fp": float(pairs.count((0, 1))), "tn": float(pairs.count((0, 0))), "fn": float(pairs.count((1, 0)))}
