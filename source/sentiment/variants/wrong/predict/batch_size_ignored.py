# Mistake: always 16 at a time.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), 4):
        answers += classifier(df["text"].iloc[start : start + 4].tolist(), truncation=True)
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
