# Mistake: more than n rows where the last place is shared.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.nlargest(n, "score", keep="all")
