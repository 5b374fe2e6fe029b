# Precision and recall, each with its own guard.
def f1(labels, predictions):
    c = confusion(labels, predictions)
    precision = c["tp"] / (c["tp"] + c["fp"]) if c["tp"] + c["fp"] else 0.0
    recall = c["tp"] / (c["tp"] + c["fn"]) if c["tp"] + c["fn"] else 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
