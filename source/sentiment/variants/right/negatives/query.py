# pandas' query language.
def negatives(df):
    return df.query("label == 0")
