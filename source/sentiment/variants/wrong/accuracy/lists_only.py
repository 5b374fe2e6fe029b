# Mistake: compares the two as a whole, which suits lists only.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return sum(labels[i] == predictions[i] for i in range(len(labels))) / len(labels)
