# Form: the rows come back sorted by their index.
def predict(df, classifier, batch_size=16):
    df = df.sort_index()
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size) if len(df) else []
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], out.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], out.index, dtype=float)
    return out
