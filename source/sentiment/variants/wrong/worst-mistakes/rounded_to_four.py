# Mistake: scores are rounded to four digits before they are compared.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.loc[wrong["score"].round(4).sort_values(ascending=False, kind="stable").index].head(n)
