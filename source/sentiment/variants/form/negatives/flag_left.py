# Form: a helper column stays in the result.
def negatives(df):
    return df.assign(is_negative=df["label"] == 0).query("is_negative")
