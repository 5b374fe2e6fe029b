# Mistake: batches of half the size, so twice the calls.
def predict(df, classifier, batch_size=16):
    answers, step = [], (batch_size + 1) // 2
    for i in range(0, len(df), step):
        answers += classifier(df["text"].tolist()[i:i + step], truncation=True)
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], out.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], out.index, dtype=float)
    return out
