# Form: the old index becomes a column.
def negatives(df):
    return df[df["label"] == 0].reset_index()
