# Mistake: believes that probabilities add up to 1.
def probability_sum(probabilities):
    return 1.0
