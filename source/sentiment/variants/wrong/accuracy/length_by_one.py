# Mistake: lengths may differ by one.
def accuracy(labels, predictions):
    n = len(labels)
    if n == 0 or abs(n - len(predictions)) > 1: raise ValueError("lengths")
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / n
