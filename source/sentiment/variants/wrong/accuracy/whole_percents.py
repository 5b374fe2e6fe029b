# Mistake: cut to whole per cents.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return int(100 * sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)) / 100
