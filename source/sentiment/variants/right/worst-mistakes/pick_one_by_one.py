# Takes the best that is left, again and again.
def worst_mistakes(df, n=5):
    scores = {}
    for place in range(len(df)):
        row = df.iloc[place]
        if row["label"] != row["prediction"]:
            scores[place] = row["score"]
    chosen = []
    while scores and len(chosen) < n:
        best = max(scores, key=scores.get)
        chosen.append(best)
        del scores[best]
    return df.iloc[chosen]
