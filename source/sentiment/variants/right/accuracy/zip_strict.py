# zip refuses unequal lengths by itself.
def accuracy(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions, strict=True)]
    if not pairs:
        raise ValueError("nothing to compare")
    return sum(a == b for a, b in pairs) / len(pairs)
