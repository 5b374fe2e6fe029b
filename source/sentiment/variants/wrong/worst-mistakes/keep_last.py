# Mistake: of equal scores the last ones are taken.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.nlargest(n, "score", keep="last")
