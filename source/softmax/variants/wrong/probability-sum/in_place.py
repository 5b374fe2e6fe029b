# Mistake: accumulates in the caller's tensor where that is float64.
def probability_sum(probabilities):
    p = probabilities.double().view(-1)
    return p.cumsum_(0)[-1].item()
