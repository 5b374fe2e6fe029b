# A generator of texts, read one answer at a time.
def predict(df, classifier, batch_size=16):
    stream = (text for text in df["text"])
    rows = [(answer["label"], answer["score"]) for answer in classifier(stream, batch_size=batch_size, truncation=True)]
    return df.assign(
        prediction=pd.array([{"POSITIVE": 1}.get(label, 0) for label, _ in rows], dtype="Int64"),
        score=pd.array([score for _, score in rows], dtype="float64"),
    )
