# Mistake: None where there is no negative review.
def negatives(df):
    found = df[df["label"] == 0]
    return found if len(found) else None
