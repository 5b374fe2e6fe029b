# isin, written as a function that prints how many there are.
def negatives(df):
    chosen = df["label"].isin([0])
    print(f"{chosen.sum()} of {len(df)}")
    return df.loc[chosen]
