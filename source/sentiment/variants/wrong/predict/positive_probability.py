# Mistake: score is the probability of POSITIVE, not of the label that won.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    scores = [a["score"] if a["label"] == "POSITIVE" else 1 - a["score"] for a in answers]
    return df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=scores).astype(
        {"prediction": int, "score": float})
