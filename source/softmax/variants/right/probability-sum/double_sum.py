# Upcast, then sum.
def probability_sum(probabilities):
    return probabilities.double().sum().item()
