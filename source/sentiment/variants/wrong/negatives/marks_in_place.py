# Mistake: leaves a helper column in the caller's frame.
def negatives(df):
    df["negative"] = df["label"] == 0
    return df[df["negative"]].drop(columns="negative")
