# Mistake: takes labels of the index for positions.
def negatives(df):
    return df.iloc[df.index[df["label"] == 0]]
