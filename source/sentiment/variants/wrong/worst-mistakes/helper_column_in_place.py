# Mistake: leaves a helper column in the caller's frame.
def worst_mistakes(df, n=5):
    df["wrong"] = df["prediction"] != df["label"]
    return df[df["wrong"]].drop(columns="wrong").sort_values("score", ascending=False, kind="stable").head(n)
