# Mistake: ten by default.
def worst_mistakes(df, n=10):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", ascending=False, kind="stable").head(n)
