# Mistake: of a matrix only the first row.
def probability_sum(probabilities):
    while probabilities.dim() > 1:
        probabilities = probabilities[0]
    return math.fsum(probabilities.tolist())
