# Mistake: stops at the end of the shorter one.
def accuracy(labels, predictions):
    pairs = list(zip(labels, predictions))
    if not pairs:
        raise ValueError("nothing to compare")
    return sum(int(a) == int(b) for a, b in pairs) / len(pairs)
