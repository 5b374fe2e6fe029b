# Form: labels and predictions come back as floats.
def worst_mistakes(df, n=5):
    df = df.astype({"label": float, "prediction": float})
    wrong = df[df["prediction"] != df["label"]]
    return wrong.sort_values("score", ascending=False, kind="stable").head(n)
