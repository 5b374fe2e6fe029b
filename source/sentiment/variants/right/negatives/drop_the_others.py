# Drops what is not negative.
def negatives(df):
    return df.drop(index=df.index[df["label"] != 0])
