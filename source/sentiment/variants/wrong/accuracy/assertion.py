# Mistake: AssertionError instead of ValueError.
def accuracy(labels, predictions):
    assert len(labels) == len(predictions) and len(labels) > 0
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)
