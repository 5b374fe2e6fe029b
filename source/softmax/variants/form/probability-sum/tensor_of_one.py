# Form: a tensor of shape (1,).
def probability_sum(probabilities):
    return probabilities.double().sum().reshape(1)
