# Ranks, ties by first come.
def worst_mistakes(df, n=5):
    w = df[df["label"] != df["prediction"]]
    rank = w["score"].rank(method="first", ascending=False)
    return w.loc[rank[rank <= n].sort_values().index]
