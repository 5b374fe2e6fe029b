# Mistake: rounds everything to bfloat16 first.
def probability_sum(probabilities):
    return probabilities.bfloat16().double().sum().item()
