# Mistake: compares the label with a string, so there is never a row.
def negatives(df):
    return df[df["label"] == "0"]
