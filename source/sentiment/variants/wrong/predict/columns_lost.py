# Mistake: only text and label are kept beside the new columns.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    out = df[["text", "label"]].copy()
    return out.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers]).astype(
        {"prediction": int, "score": float})
