# math.fsum over Python floats.
def probability_sum(probabilities):
    return math.fsum(probabilities.flatten().tolist())
