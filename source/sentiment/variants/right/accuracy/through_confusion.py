# By way of the confusion matrix.
def accuracy(labels, predictions):
    n, m = len(labels), len(predictions)
    if n != m or n * m == 0:
        raise ValueError(f"{n} labels, {m} predictions")
    counts = confusion(labels, predictions)
    return (counts["tp"] + counts["tn"]) / n
