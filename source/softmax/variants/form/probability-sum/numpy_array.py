# Form: a NumPy array without dimensions.
import numpy as np


def probability_sum(probabilities):
    return np.array(probabilities.double().sum().item())
