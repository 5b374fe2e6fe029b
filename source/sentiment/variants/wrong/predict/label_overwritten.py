# Mistake: the labels are overwritten with the predictions.
def predict(df, classifier, batch_size=16):
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size) if len(df) else []
    out = df.copy()
    out["label"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], df.index, dtype=int)
    out["prediction"] = out["label"]
    out["score"] = pd.Series([a["score"] for a in answers], df.index, dtype=float)
    return out
