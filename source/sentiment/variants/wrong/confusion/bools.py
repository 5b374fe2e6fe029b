# Mistake: tells whether there are any instead of how many.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return {"tp": (1, 1) in pairs, "fp": (0, 1) in pairs, "tn": (0, 0) in pairs, "fn": (1, 0) in pairs}
