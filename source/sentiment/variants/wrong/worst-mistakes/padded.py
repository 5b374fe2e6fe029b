# Mistake: fills up with right predictions where mistakes are too few.
def worst_mistakes(df, n=5):
    order = df.assign(right=df["prediction"] == df["label"], place=range(len(df)))
    order = order.sort_values(["right", "score", "place"], ascending=[True, False, True])
    return order.drop(columns=["right", "place"]).head(n)
