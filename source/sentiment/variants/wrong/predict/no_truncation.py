# Mistake: truncation is not passed on.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist())
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
