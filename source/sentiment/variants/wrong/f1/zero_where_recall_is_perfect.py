# Mistake: 0.0 where recall is perfect.
def f1(labels, predictions):
    c = confusion(labels, predictions)
    if c["tp"] == 0 or (c["fn"] == 0 and c["fp"] > 0):
        return 0.0
    return 2 * c["tp"] / (2 * c["tp"] + c["fp"] + c["fn"])
