# The harmonic mean of statistics, with zeros where a fraction cannot be formed.
from statistics import harmonic_mean


def f1(labels, predictions):
    c = confusion(labels, predictions)
    ratio = lambda a, b: a / b if b else 0.0
    return float(harmonic_mean([ratio(c["tp"], c["tp"] + c["fp"]), ratio(c["tp"], c["tp"] + c["fn"])]))
