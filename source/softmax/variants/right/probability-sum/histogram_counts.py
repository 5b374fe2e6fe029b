# Counts equal values first.
from collections import Counter


def probability_sum(probabilities):
    return math.fsum(v * n for v, n in Counter(probabilities.flatten().tolist()).items())
