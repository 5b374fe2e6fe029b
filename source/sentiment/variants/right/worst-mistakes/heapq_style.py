# heapq on pairs of score and place.
import heapq


def worst_mistakes(df, n=5):
    rows = enumerate(zip(df["label"], df["prediction"], df["score"]))
    best = heapq.nsmallest(n, ((-score, place) for place, (label, said, score) in rows if label != said))
    return df.take([place for _, place in best])
