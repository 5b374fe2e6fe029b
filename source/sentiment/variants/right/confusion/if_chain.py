# Four counters and a chain of conditions.
def confusion(labels, predictions):
    tp = fp = tn = fn = 0
    for y, p in zip(labels, predictions):
        if y == 1 and p == 1:
            tp += 1
        elif y == 0 and p == 1:
            fp += 1
        elif y == 0 and p == 0:
            tn += 1
        else:
            fn += 1
    return {"tp": tp, "fp": fp, "tn": tn, "fn": fn}
