# Mistake: Series are lined up by their index.
def accuracy(labels, predictions):
    labels = labels if isinstance(labels, pd.Series) else pd.Series([int(x) for x in labels])
    predictions = predictions if isinstance(predictions, pd.Series) else pd.Series([int(x) for x in predictions])
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return float(labels.eq(predictions).mean())
