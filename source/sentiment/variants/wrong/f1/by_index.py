# Mistake: Series are lined up by their index.
def f1(labels, predictions):
    if isinstance(labels, pd.Series) and isinstance(predictions, pd.Series):
        labels, predictions = labels.align(predictions)
    pairs = [(a, b) for a, b in zip(list(labels), list(predictions))]
    tp = sum(1 for a, b in pairs if a == 1 and b == 1)
    rest = sum(1 for a, b in pairs if a != b)
    return 2 * tp / (2 * tp + rest) if tp else 0.0
