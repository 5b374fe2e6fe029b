# Mistake: equal scores are put in the order of their texts.
def worst_mistakes(df, n=5):
    w = df[df["prediction"] != df["label"]]
    return w.sort_values(["score", "text"], ascending=[False, True]).head(n)
