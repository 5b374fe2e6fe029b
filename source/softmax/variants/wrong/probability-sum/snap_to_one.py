# Mistake: a sum close to 1 is made exactly 1.
def probability_sum(probabilities):
    t = probabilities.double().sum().item()
    return 1.0 if abs(t - 1) < 1e-6 else t
