# Mistake: an empty frame raises ValueError.
def predict(df, classifier, batch_size=16):
    if df.empty:
        raise ValueError("no rows")
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size)
    out = df.copy()
    out["prediction"] = [int(a["label"] == "POSITIVE") for a in answers]
    out["score"] = [a["score"] for a in answers]
    return out
