# Mistake: fp counts every wrong prediction.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return {"tp": pairs.count((1, 1)), "fp": sum(a != b for a, b in pairs), "tn": pairs.count((0, 0)), "fn": pairs.count((1, 0))}
