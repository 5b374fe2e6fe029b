# Mistake: adds in float32, float64 input included.
def probability_sum(probabilities):
    return probabilities.float().sum().item()
