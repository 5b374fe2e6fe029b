# Series with a fresh index each.
def accuracy(labels, predictions):
    left, right = pd.Series([int(x) for x in labels]), pd.Series([int(x) for x in predictions])
    if len(left) != len(right) or len(left) < 1:
        raise ValueError("give two sequences of the same length, at least one long")
    return left.eq(right).sum().item() / len(left)
