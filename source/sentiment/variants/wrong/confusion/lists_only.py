# Mistake: indexing by number suits lists and tensors, not Series.
def confusion(labels, predictions):
    c = {"tp": 0, "fp": 0, "tn": 0, "fn": 0}
    for i in range(len(labels)):
        c[("f", "t")[int(labels[i] == predictions[i])] + ("n", "p")[int(predictions[i])]] += 1
    return c
