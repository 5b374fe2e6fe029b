# Mistake: asks twice, for the labels and for the scores.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    scores = []
    for start in range(0, len(df), batch_size):
        scores += [a["score"] for a in classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)]
    return df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=scores).astype(
        {"prediction": int, "score": float})
