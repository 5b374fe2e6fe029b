# Mistake: the whole frame.
def negatives(df):
    return df
