# A Series of float64.
import pandas as pd


def probability_sum(probabilities):
    values = pd.Series(probabilities.detach().flatten().tolist(), dtype="float64")
    return float(values.sum())
