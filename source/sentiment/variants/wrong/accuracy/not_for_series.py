# Mistake: asks a Series whether it is true.
def accuracy(labels, predictions):
    if not labels or len(labels) != len(predictions):
        raise ValueError("lengths")
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)
