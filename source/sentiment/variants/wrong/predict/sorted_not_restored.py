# Mistake: texts are asked about by length, and the answers not put back.
def predict(df, classifier, batch_size=16):
    texts = sorted(df["text"], key=len)
    answers = []
    for start in range(0, len(texts), batch_size):
        answers += classifier(texts[start : start + batch_size], truncation=True)
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
