# Form: the rows come in the opposite order.
def negatives(df):
    return df[df["label"] == 0].iloc[::-1]
