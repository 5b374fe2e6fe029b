# Mistake: casts to float64 after adding.
def probability_sum(probabilities):
    return float(probabilities.sum().double())
