# A running sum in Python floats, which are float64, with a progress bar.
from tqdm import tqdm


def probability_sum(probabilities):
    total = 0.0
    for p in tqdm(probabilities.reshape(-1).tolist(), desc="adding", mininterval=5):
        total += p
    print("total:", total)
    return total
