# Mistake: the lowest scores.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", kind="stable").head(n)
