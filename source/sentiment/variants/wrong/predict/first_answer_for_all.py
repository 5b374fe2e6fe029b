# Mistake: every row of a batch gets the batch's first answer.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        batch = df["text"].iloc[start : start + batch_size].tolist()
        answers += [classifier(batch, truncation=True)[0]] * len(batch)
    new = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return new.astype({"prediction": int, "score": float})
