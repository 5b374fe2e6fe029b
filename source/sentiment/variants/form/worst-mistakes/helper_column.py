# Form: a helper column stays in the result.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.assign(wrong=True).sort_values("score", ascending=False, kind="stable").head(n)
