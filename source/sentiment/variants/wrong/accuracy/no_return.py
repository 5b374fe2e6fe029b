# Mistake: prints the share and returns nothing.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    print(sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels))
