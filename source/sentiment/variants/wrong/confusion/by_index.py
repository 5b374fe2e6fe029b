# Mistake: Series are lined up by their index.
def confusion(labels, predictions):
    y = labels if isinstance(labels, pd.Series) else pd.Series([int(x) for x in labels])
    p = predictions if isinstance(predictions, pd.Series) else pd.Series([int(x) for x in predictions])
    if not (isinstance(labels, pd.Series) and isinstance(predictions, pd.Series)):
        y, p = y.reset_index(drop=True), p.reset_index(drop=True)
    y, p = y.align(p)
    count = lambda a, b: int(((y == a) & (p == b)).sum())
    return {"tp": count(1, 1), "fp": count(0, 1), "tn": count(0, 0), "fn": count(1, 0)}
