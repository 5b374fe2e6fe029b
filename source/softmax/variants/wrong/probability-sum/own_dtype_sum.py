# Mistake: adds in the dtype of the input.
def probability_sum(probabilities):
    return probabilities.sum().item()
