# Mistake: without rows the new columns are of no numeric type.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    out = df.copy()
    out["prediction"] = [int(a["label"] == "POSITIVE") for a in answers]
    out["score"] = [a["score"] for a in answers]
    return out
