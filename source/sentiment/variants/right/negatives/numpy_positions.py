# NumPy's positions of zeros.
import numpy as np


def negatives(df):
    return df.iloc[np.flatnonzero(df["label"].to_numpy() == 0)]
