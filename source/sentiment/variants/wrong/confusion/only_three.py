# Mistake: no key tn.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return {"tp": pairs.count((1, 1)), "fp": pairs.count((0, 1)), "fn": pairs.count((1, 0))}
