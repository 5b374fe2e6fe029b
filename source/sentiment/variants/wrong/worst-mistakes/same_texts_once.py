# Mistake: a text that comes twice is shown once.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", ascending=False, kind="stable").drop_duplicates("text").head(n)
