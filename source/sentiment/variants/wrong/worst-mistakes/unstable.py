# Mistake: equal scores are mixed by an unstable sort.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", ascending=False).head(n)
