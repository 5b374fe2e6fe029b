# Mistake: 0.0 for nothing at all.
def accuracy(labels, predictions):
    if len(labels) != len(predictions):
        raise ValueError("lengths")
    if len(labels) == 0:
        return 0.0
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)
