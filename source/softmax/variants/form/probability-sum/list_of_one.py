# Form: a list of one float.
def probability_sum(probabilities):
    return [probabilities.double().sum().item()]
