# Mistake: one call for each text.
def predict(df, classifier, batch_size=16):
    answers = [classifier(text, truncation=True)[0] for text in df["text"]]
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
