# Batches from the end of the frame, and the answers turned round.
def predict(df, classifier, batch_size=16):
    texts, answers = df["text"].tolist()[::-1], []
    for start in range(0, len(texts), batch_size):
        answers += classifier(texts[start : start + batch_size], truncation=True, batch_size=batch_size)
    answers.reverse()
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
