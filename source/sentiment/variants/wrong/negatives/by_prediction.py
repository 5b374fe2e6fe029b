# Mistake: a group that does not exist raises.
def negatives(df):
    return df.groupby("label").get_group(0)
