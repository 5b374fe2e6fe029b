# Mistake: new columns have an index of their own, and pandas lines them up by it.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], dtype=float)
    return out
