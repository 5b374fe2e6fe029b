# Mistake: only the first five.
def negatives(df):
    return df[df["label"] == 0].head(2)
