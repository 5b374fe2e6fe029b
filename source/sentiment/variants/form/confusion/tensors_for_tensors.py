# Form: counts are tensors where tensors came in.
def confusion(labels, predictions):
    pairs = list(zip(labels, predictions))
    return {
        "tp": sum(a * b for a, b in pairs),
        "fp": sum((1 - a) * b for a, b in pairs),
        "tn": sum((1 - a) * (1 - b) for a, b in pairs),
        "fn": sum(a * (1 - b) for a, b in pairs),
    }
