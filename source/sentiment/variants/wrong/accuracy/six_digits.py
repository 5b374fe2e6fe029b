# Mistake: rounded to six digits.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    return round(sum(int(a) == int(b) for a, b in zip(labels, predictions)) / len(labels), 6)
