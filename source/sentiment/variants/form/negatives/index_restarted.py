# Form: the index starts anew.
def negatives(df):
    return df[df["label"] == 0].reset_index(drop=True)
