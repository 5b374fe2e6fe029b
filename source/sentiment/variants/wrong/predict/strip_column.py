# Mistake: the texts in the result lose the spaces at their ends.
def predict(df, classifier, batch_size=16):
    df = df.assign(text=df["text"].str.strip())
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size) if len(df) else []
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], out.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], out.index, dtype=float)
    return out
