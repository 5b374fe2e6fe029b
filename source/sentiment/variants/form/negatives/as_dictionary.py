# Form: a dictionary of columns for a frame.
def negatives(df):
    return df[df["label"] == 0].to_dict("list")
