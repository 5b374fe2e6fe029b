# Mistake: the surest right predictions.
def worst_mistakes(df, n=5):
    right = df[df["prediction"] == df["label"]]
    return right.sort_values("score", ascending=False, kind="stable").head(n)
