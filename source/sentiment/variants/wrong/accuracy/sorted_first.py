# Mistake: compares how many there are of each, not which.
def accuracy(labels, predictions):
    n = len(labels)
    if n == 0 or n != len(predictions): raise ValueError("lengths")
    a, b = sorted(int(x) for x in labels), sorted(int(x) for x in predictions)
    return sum(x == y for x, y in zip(a, b)) / n
