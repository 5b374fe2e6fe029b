# Counts by itself, in plain Python.
def f1(labels, predictions):
    tp = fp = fn = 0
    for label, said in zip(labels, predictions):
        if said == 1 and label == 1:
            tp += 1
        elif said == 1:
            fp += 1
        elif label == 1:
            fn += 1
    return tp / (tp + (fp + fn) / 2) if tp else 0.0
