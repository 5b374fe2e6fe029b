# Form: the columns come in alphabetical order.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", ascending=False, kind="stable").head(n).sort_index(axis=1)
