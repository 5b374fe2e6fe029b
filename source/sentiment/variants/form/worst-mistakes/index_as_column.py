# Form: the old index becomes a column.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", ascending=False, kind="stable").head(n).reset_index()
