# nlargest, which keeps the first of equal ones.
def worst_mistakes(df, n=5):
    return df.query("prediction != label").nlargest(n, "score", keep="first")
