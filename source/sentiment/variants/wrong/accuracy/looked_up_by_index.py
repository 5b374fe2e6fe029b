# Mistake: predictions are looked up under the labels' index.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    if isinstance(labels, pd.Series) and isinstance(predictions, pd.Series):
        predictions = predictions.reindex(labels.index)
    return sum(float(a) == float(b) for a, b in zip(labels, predictions)) / len(labels)
