# Exact: every float is a fraction with a power of two below.
from fractions import Fraction


def probability_sum(probabilities):
    numerators = 0
    shift = 1 << 1100
    for p in probabilities.double().flatten().tolist():
        top, bottom = p.as_integer_ratio()
        numerators += top * (shift // bottom)
    return float(Fraction(numerators, shift))
