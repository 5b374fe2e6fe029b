# Mistake: recall counts more than precision.
def f1(labels, predictions):
    c = confusion(labels, predictions)
    return 5 * c["tp"] / (5 * c["tp"] + c["fp"] + 4 * c["fn"]) if c["tp"] else 0.0
