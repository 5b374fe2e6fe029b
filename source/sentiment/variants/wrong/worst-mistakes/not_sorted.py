# Mistake: the first mistakes instead of the worst.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.head(n)
