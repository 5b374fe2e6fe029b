# loc with eq, and a copy.
def negatives(df):
    return df.loc[df.label.eq(0), :].copy()
