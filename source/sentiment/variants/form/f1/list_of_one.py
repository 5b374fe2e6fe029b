# Form: a list with the value in it.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, wrong = pairs.count((1, 1)), sum(a != b for a, b in pairs)
    return [2 * tp / (2 * tp + wrong) if tp else 0.0]
