# Mistake: the total is a global that is never reset.
total = 0.0


def probability_sum(probabilities):
    global total
    total += math.fsum(probabilities.flatten().tolist())
    return total
