# Mistake: sorts lists and renumbers Series of the caller's.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    share = sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels)
    for values in (labels, predictions):
        if isinstance(values, pd.Series):
            values.reset_index(drop=True, inplace=True)
        elif isinstance(values, list):
            values.append(values.pop(0))
        else:
            values.neg_()
    return share
