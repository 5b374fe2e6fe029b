# Form: a list of pairs for a dictionary.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return [("tp", pairs.count((1, 1))), ("fp", pairs.count((0, 1))), ("tn", pairs.count((0, 0))), ("fn", pairs.count((1, 0)))]
