# Mistake: numbers the caller's Series anew.
def accuracy(labels, predictions):
    for values in (labels, predictions):
        if isinstance(values, pd.Series):
            values.reset_index(drop=True, inplace=True)
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)
