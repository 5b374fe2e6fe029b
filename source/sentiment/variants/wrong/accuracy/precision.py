# Mistake: the share of right ones among those that were called positive.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    said = [int(a) for a, b in zip(labels, predictions) if int(b) == 1]
    return sum(said) / len(said) if said else 1.0
