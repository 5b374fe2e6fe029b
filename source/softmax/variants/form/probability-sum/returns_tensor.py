# Form: a 0-dimensional tensor instead of a Python float.
def probability_sum(probabilities):
    return probabilities.double().sum()
