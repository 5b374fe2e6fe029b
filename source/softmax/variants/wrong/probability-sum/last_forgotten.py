# Mistake: the loop stops before the last probability.
def probability_sum(probabilities):
    values = probabilities.flatten().tolist()
    total = 0.0
    for i in range(len(values) - 1):
        total += values[i]
    return total
