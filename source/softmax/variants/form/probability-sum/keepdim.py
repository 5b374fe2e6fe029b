# Form: a tensor that keeps all its dimensions, of side 1.
def probability_sum(probabilities):
    p = probabilities.double()
    return p.sum(dim=tuple(range(p.dim())), keepdim=True)
