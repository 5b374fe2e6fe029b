# Mistake: reads fp twice instead of fp and fn.
def f1(labels, predictions):
    counts = confusion(labels, predictions)
    return 2 * counts["tp"] / (2 * counts["tp"] + 2 * counts["fp"]) if counts["tp"] else 0.0
