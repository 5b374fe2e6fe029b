# Mistake: drops the others from the caller's frame.
def negatives(df):
    df.drop(index=df.index[df["label"] != 0], inplace=True)
    return df
