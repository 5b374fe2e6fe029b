# A dictionary of labels and a filter.
def negatives(df):
    labels = df["label"].to_dict()
    keep = list(filter(lambda k: not labels[k], labels))
    return df.loc[keep]
