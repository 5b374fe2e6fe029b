# Mistake: the n highest scores first, then those of them that are wrong.
def worst_mistakes(df, n=5):
    best = df.sort_values("score", ascending=False, kind="stable").head(n)
    return best[best["prediction"] != best["label"]]
