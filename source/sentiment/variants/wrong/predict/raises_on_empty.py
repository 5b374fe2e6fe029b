# Mistake: an empty frame raises ValueError.
def predict(df, classifier, batch_size=16):
    if df.empty:
        raise ValueError("no rows")
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size)
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], out.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], out.index, dtype=float)
    return out
