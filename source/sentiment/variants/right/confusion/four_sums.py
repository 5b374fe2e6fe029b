# One sum for each cell.
def confusion(labels, predictions):
    pairs = list(zip(labels, predictions))
    return {
        "tp": sum(1 for a, b in pairs if a == 1 and b == 1),
        "fp": sum(1 for a, b in pairs if a == 0 and b == 1),
        "tn": sum(1 for a, b in pairs if a == 0 and b == 0),
        "fn": sum(1 for a, b in pairs if a == 1 and b == 0),
    }
