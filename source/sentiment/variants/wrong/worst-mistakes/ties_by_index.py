# Mistake: equal scores are put in the order of their index.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_index().sort_values("score", ascending=False, kind="stable").head(n)
