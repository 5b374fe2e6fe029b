# Mistake: ZeroDivisionError for nothing at all.
def accuracy(labels, predictions):
    if len(labels) != len(predictions):
        raise ValueError("lengths")
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)
