# Mistake: sorts the caller's frame.
def worst_mistakes(df, n=5):
    df.sort_values("score", ascending=False, kind="stable", inplace=True)
    return df[df["prediction"] != df["label"]].head(n)
