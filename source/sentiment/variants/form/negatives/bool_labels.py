# Form: labels become True and False.
def negatives(df):
    return df[df["label"] == 0].astype({"label": bool})
