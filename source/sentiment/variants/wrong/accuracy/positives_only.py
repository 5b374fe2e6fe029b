# Mistake: only the positive reviews are looked at.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    said = [int(b) for a, b in zip(labels, predictions) if int(a) == 1]
    return sum(said) / len(said) if said else 1.0
