# Form: the old index becomes a column.
def predict(df, classifier, batch_size=16):
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size) if len(df) else []
    out = df.reset_index()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], dtype=float)
    return out
