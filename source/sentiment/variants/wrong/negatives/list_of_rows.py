# Mistake: a list of dictionaries instead of a frame.
def negatives(df):
    return df[df["label"] == 0].to_dict("records")
