# Mistake: the number of right answers, not their share.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return float(sum(int(a) == int(b) for a, b in zip(labels, predictions)))
