# Mistake: asks about an empty list, for which a pipeline has no answer.
def predict(df, classifier, batch_size=16):
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size)
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
