# Mistake: equal scores are put in the reverse order of their index.
import heapq


def worst_mistakes(df, n=5):
    w = df[df["prediction"] != df["label"]]
    return df.loc[[i for _, i in heapq.nlargest(n, zip(w["score"], w.index))]]
