# Form: a pandas Series.
import pandas as pd


def real_lengths(attention_mask):
    return pd.DataFrame(attention_mask).astype(int).sum(axis=1)
