# Mistake: changes the caller's labels.
def confusion(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    for values in (labels, predictions):
        if isinstance(values, list):
            values.sort(reverse=values[0] == 0)
            values[0] = 1 - values[0]
        elif isinstance(values, pd.Series):
            values.iloc[0] = 1 - values.iloc[0]
        else:
            values[0] = 1 - values[0]
    return {"tp": pairs.count((1, 1)), "fp": pairs.count((0, 1)), "tn": pairs.count((0, 0)), "fn": pairs.count((1, 0))}
