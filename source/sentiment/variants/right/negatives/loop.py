# A loop over the rows that collects positions.
def negatives(df):
    keep = []
    for position, label in enumerate(df["label"]):
        if label == 0:
            keep.append(position)
    return df.take(keep)
