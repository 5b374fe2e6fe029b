# A sorted list of the best so far.
import bisect


def worst_mistakes(df, n=5):
    best = []
    for pos, (l, p, s) in enumerate(zip(df["label"], df["prediction"], df["score"])):
        if l != p:
            bisect.insort(best, (-s, pos)); del best[n:]
    return df.iloc[[pos for _, pos in best]]
