# Batches cut by hand; new columns from plain lists.
def predict(df, classifier, batch_size=16):
    out = df.copy()
    labels, scores = [], []
    for start in range(0, len(df), batch_size):
        batch = df["text"].iloc[start : start + batch_size].tolist()
        for answer in classifier(batch, truncation=True):
            labels.append(int(answer["label"] == "POSITIVE"))
            scores.append(answer["score"])
    out["prediction"] = labels
    out["score"] = scores
    return out
