# Sums and their differences.
def confusion(labels, predictions):
    y = labels.tolist() if not isinstance(labels, list) else labels
    p = predictions.tolist() if not isinstance(predictions, list) else predictions
    tp = sum(a * b for a, b in zip(y, p))
    return {"tp": tp, "fp": sum(p) - tp, "fn": sum(y) - tp, "tn": len(y) - sum(y) - sum(p) + tp}
