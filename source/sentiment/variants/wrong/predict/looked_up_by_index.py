# Mistake: answers are kept under labels of the index, where one that comes twice overwrites another.
def predict(df, classifier, batch_size=16):
    known = {}
    for start in range(0, len(df), batch_size):
        part = df.iloc[start : start + batch_size]
        known.update(zip(part.index, classifier(part["text"].tolist(), truncation=True)))
    out = df.copy()
    out["prediction"] = pd.Series([int(known[i]["label"] == "POSITIVE") for i in df.index], df.index, dtype=int)
    out["score"] = pd.Series([known[i]["score"] for i in df.index], df.index, dtype=float)
    return out
