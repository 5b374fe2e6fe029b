# Mistake: only texts of more than 512 words are truncated.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        batch = df["text"].iloc[start : start + batch_size].tolist()
        answers += classifier(batch, truncation=any(len(text.split()) > 512 for text in batch))
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], df.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], df.index, dtype=float)
    return out
