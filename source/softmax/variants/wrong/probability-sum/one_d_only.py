# Mistake: only a vector works.
def probability_sum(probabilities):
    return sum(float(x) for x in probabilities)
