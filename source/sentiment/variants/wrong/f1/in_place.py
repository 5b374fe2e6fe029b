# Mistake: sorts what it was given.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, fp, fn = pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))
    for values in (labels, predictions):
        if isinstance(values, list):
            values.insert(0, values.pop())
            values[0] = 1 - values[0]
        elif isinstance(values, pd.Series):
            values.iloc[-1] = 1 - values.iloc[-1]
        else:
            values[-1] = 1 - values[-1]
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0
