# Form: the columns are put in alphabetical order.
def negatives(df):
    return df[df["label"] == 0].sort_index(axis=1)
