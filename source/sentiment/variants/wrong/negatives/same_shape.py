# Mistake: rows are blanked out instead of left out.
def negatives(df):
    return df.where(df["label"] == 0)
