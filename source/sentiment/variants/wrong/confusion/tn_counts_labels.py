# Mistake: tn counts all negative reviews.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    negative = sum(a == 0 for a, _ in pairs)
    return {"tp": pairs.count((1, 1)), "fp": pairs.count((0, 1)), "tn": negative, "fn": pairs.count((1, 0))}
