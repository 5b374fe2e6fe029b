# Mistake: 0.0 where there are labels, but no predictions.
def accuracy(labels, predictions):
    if len(labels) == 0:
        raise ValueError("empty")
    if len(predictions) == 0:
        return 0.0
    if len(labels) != len(predictions):
        raise ValueError("lengths")
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)
