# Mistake: hands over a Series, which a pipeline does not take.
def predict(df, classifier, batch_size=16):
    answers = list(classifier(df["text"], truncation=True, batch_size=batch_size)) if len(df) else []
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
