# Mistake: leaves out what is below a millionth.
def probability_sum(probabilities):
    p = probabilities.double()
    return p[p > 1e-6].sum().item()
