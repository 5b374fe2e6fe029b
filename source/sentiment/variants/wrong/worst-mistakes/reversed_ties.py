# Mistake: equal scores come in reverse order.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", kind="stable")[::-1].head(n)
