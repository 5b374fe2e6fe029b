# Form: the rows are sorted by their index.
def negatives(df):
    return df[df["label"] == 0].sort_index()
