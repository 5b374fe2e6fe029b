# Form: the int 1 where everything is right.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, wrong = pairs.count((1, 1)), sum(a != b for a, b in pairs)
    if tp == 0:
        return 0.0
    return 2 * tp / (2 * tp + wrong) if wrong else 1
