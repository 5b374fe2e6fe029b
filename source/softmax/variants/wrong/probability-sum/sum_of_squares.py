# Mistake: the sum of squares.
def probability_sum(probabilities):
    p = probabilities.double().flatten()
    return torch.dot(p, p).item()
