# Mistake: the positive ones.
def negatives(df):
    return df[df["label"] == 1]
