# Form: the index starts anew.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", ascending=False, kind="stable", ignore_index=True).head(n)
