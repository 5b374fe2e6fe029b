# Form: a column with the rank stays in the result.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    wrong = wrong.assign(rank=wrong["score"].rank(method="first", ascending=False))
    return wrong[wrong["rank"] <= n].sort_values("rank")
