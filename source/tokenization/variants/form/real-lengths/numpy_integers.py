# Form: a list of NumPy integers.
import pandas as pd


def real_lengths(attention_mask):
    return list(pd.DataFrame(attention_mask).astype(int).sum(axis=1).to_numpy())
