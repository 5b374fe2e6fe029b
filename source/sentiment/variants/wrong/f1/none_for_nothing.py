# Mistake: None where there is no true positive.
def f1(labels, predictions):
    c = confusion(labels, predictions)
    if c["tp"]:
        return 2 * c["tp"] / (2 * c["tp"] + c["fp"] + c["fn"])
