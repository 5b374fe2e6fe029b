# Form: the int 1 where everything is right.
def accuracy(labels, predictions):
    n = len(labels)
    if n == 0 or n != len(predictions): raise ValueError("lengths")
    hits = sum(int(a) == int(b) for a, b in zip(labels, predictions))
    return 1 if hits == n else hits / n
