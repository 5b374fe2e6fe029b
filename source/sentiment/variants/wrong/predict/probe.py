# Mistake: one call more, to warm up.
def predict(df, classifier, batch_size=16):
    answers = []
    if len(df):
        classifier("warm up", truncation=True)
    for i in range(0, len(df), batch_size):
        answers += classifier(df["text"].tolist()[i:i + batch_size], truncation=True)
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], out.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], out.index, dtype=float)
    return out
