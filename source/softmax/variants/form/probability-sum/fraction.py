# Form: an exact fraction instead of a float.
from fractions import Fraction


def probability_sum(probabilities):
    return Fraction(math.fsum(probabilities.flatten().tolist()))
