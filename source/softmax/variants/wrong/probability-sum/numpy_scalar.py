# Mistake: a NumPy float32 scalar instead of a Python float.
import numpy as np


def probability_sum(probabilities):
    return np.float32(probabilities.double().numpy().sum())
