# Mistake: a Series of texts instead of a frame.
def negatives(df):
    return df.loc[df["label"] == 0, "text"]
