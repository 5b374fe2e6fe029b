# Mistake: the mask, not the rows.
def negatives(df):
    return df["label"] == 0
