# Mistake: rounded to six digits.
def f1(labels, predictions):
    pairs = [(int(a), int(b)) for a, b in zip(labels, predictions)]
    tp, wrong = pairs.count((1, 1)), sum(a != b for a, b in pairs)
    return round(2 * tp / (2 * tp + wrong), 6) if tp else 0.0
