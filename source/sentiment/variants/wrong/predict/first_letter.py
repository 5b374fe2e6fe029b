# Mistake: any label that begins with P counts as 1.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"][0] == "P") for a in answers], df.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], df.index, dtype=float)
    return out
