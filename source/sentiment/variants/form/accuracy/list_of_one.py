# Form: a list with the share in it.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return [sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)]
