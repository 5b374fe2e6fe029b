# Mistake: only positive reviews that were called negative.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] < df["label"]]
    return wrong.sort_values("score", ascending=False, kind="stable").head(n)
