# The first batch, and the rest by the function itself.
def predict(df, classifier, batch_size=16):
    if len(df) == 0:
        return df.assign(prediction=0, score=0.0)
    head = df.iloc[:batch_size].copy()
    answers = pd.DataFrame(classifier(head["text"].tolist(), truncation=True), index=head.index)
    head["prediction"] = (answers["label"] == "POSITIVE").astype("int8")
    head["score"] = answers["score"]
    return head if len(df) <= batch_size else pd.concat([head, predict(df.iloc[batch_size:], classifier, batch_size)])
