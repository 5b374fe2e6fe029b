# Mistake: only negative reviews that were called positive.
def worst_mistakes(df, n=5):
    wrong = df[(df["prediction"] == 1) & (df["label"] == 0)]
    return wrong.sort_values("score", ascending=False, kind="stable").head(n)
