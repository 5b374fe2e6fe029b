# A frame with a row for each row.
import pandas as pd


def real_lengths(attention_mask):
    return pd.DataFrame(attention_mask).astype(int).sum(axis=1).tolist()
