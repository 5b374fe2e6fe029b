# Mistake: the second letter names the label, not the prediction.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    c = {"tp": 0, "fp": 0, "tn": 0, "fn": 0}
    for a, b in pairs:
        c[("t" if a == b else "f") + ("p" if a else "n")] += 1
    return c
