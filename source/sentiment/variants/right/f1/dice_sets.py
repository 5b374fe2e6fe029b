# Dice's coefficient of two sets of positions.
def f1(labels, predictions):
    real = {place for place, label in enumerate(labels) if label == 1}
    said = {place for place, label in enumerate(predictions) if label == 1}
    return 2 * len(real & said) / (len(real) + len(said)) if real or said else 0.0
