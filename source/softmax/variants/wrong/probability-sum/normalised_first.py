# Mistake: divides by the sum before adding.
def probability_sum(probabilities):
    p = probabilities.double()
    return (p / p.sum()).sum().item()
