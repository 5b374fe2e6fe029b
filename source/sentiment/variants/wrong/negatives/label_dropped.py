# Mistake: the column label is dropped.
def negatives(df):
    return df[df["label"] == 0].drop(columns="label")
