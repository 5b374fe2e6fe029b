# statistics.harmonic_mean, and an exception where there is nothing to divide by.
from statistics import harmonic_mean


def f1(labels, predictions):
    counts = confusion(labels, predictions)
    try:
        precision = counts["tp"] / (counts["tp"] + counts["fp"])
        recall = counts["tp"] / (counts["tp"] + counts["fn"])
    except ZeroDivisionError:
        return 0.0
    return float(harmonic_mean([precision, recall]))
