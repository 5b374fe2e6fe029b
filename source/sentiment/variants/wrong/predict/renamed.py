# Mistake: the columns are called label_predicted and confidence.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    return df.assign(label_predicted=[int(a["label"] == "POSITIVE") for a in answers], confidence=[a["score"] for a in answers]).astype(
        {"label_predicted": int, "confidence": float})
