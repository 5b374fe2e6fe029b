# Mistake: a running float32 total.
def probability_sum(probabilities):
    return float(probabilities.float().flatten().numpy().cumsum(dtype="float32")[-1])
