# Mistake: rounds to 4 decimals.
def probability_sum(probabilities):
    return round(probabilities.double().sum().item(), 4)
