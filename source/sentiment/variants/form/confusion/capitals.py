# Form: the keys are capitals.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return {"TP": pairs.count((1, 1)), "FP": pairs.count((0, 1)), "TN": pairs.count((0, 0)), "FN": pairs.count((1, 0))}
