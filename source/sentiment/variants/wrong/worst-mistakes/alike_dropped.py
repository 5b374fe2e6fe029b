# Mistake: of mistakes that are alike only one is kept.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]].drop_duplicates()
    return wrong.sort_values("score", ascending=False, kind="stable").head(n)
