# Mistake: numbers the caller's Series anew.
def confusion(labels, predictions):
    for values in (labels, predictions):
        if isinstance(values, pd.Series):
            values.reset_index(drop=True, inplace=True)
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    return {"tp": pairs.count((1, 1)), "fp": pairs.count((0, 1)), "tn": pairs.count((0, 0)), "fn": pairs.count((1, 0))}
