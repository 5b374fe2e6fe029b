# Mistake: the last pair is not looked at, but counted.
def accuracy(labels, predictions):
    n = len(labels)
    if n == 0 or n != len(predictions):
        raise ValueError("lengths")
    labels, predictions = list(labels), list(predictions)
    return sum(int(labels[i]) == int(predictions[i]) for i in range(n - 1)) / n
