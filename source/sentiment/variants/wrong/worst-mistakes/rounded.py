# Mistake: scores are rounded before they are compared.
def worst_mistakes(df, n=5):
    w = df[df["prediction"] != df["label"]]
    return w.loc[w["score"].round(3).sort_values(ascending=False, kind="stable").index].head(n)
