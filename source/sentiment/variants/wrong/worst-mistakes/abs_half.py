# Mistake: the distance from one half decides, not the score.
def worst_mistakes(df, n=5):
    w = df[df["prediction"] != df["label"]]
    return w.loc[(w["score"] - 0.5).abs().sort_values(ascending=False, kind="stable").index].head(n)
