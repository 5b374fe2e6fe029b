# Halves the list until little is left.
def _pairwise(values):
    if len(values) <= 8:
        return sum(values, 0.0)
    half = len(values) // 2
    return _pairwise(values[:half]) + _pairwise(values[half:])


def probability_sum(probabilities):
    return _pairwise(torch.flatten(probabilities).tolist())
