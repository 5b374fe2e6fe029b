# Mistake: cuts off what is above 1.
def probability_sum(probabilities):
    return min(1.0, probabilities.double().sum().item())
