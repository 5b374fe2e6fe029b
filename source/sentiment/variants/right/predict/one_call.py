# One call with batch_size, columns by assign.
def predict(df, classifier, batch_size=16):
    if df.empty:
        return df.assign(prediction=pd.Series(dtype=int), score=pd.Series(dtype=float))
    answers = classifier(list(df["text"]), truncation=True, batch_size=batch_size)
    return df.assign(
        prediction=[1 if answer["label"] == "POSITIVE" else 0 for answer in answers],
        score=[answer["score"] for answer in answers],
    )
