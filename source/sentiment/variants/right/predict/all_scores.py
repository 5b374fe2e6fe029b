# Both labels' scores, the higher one wins.
def predict(df, classifier, batch_size=16):
    result = df.copy()
    texts = list(df.text)
    best = []
    if texts:
        best = [max(both, key=lambda one: one["score"]) for both in classifier(texts, top_k=None, truncation=True, batch_size=batch_size)]
    result["prediction"] = pd.Series(data=[one["label"] == "POSITIVE" for one in best], index=df.index).astype(int)
    result["score"] = pd.Series(data=[one["score"] for one in best], index=df.index).astype(float)
    return result
