# Form: a bare NumPy float64 instead of a Python float.
import numpy as np


def probability_sum(probabilities):
    return np.float64(math.fsum(probabilities.flatten().tolist()))
