# Mistake: the labels are overwritten with the predictions.
def predict(df, classifier, batch_size=16):
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size) if len(df) else []
    out = df.copy()
    out["label"] = [int(a["label"] == "POSITIVE") for a in answers]
    out["prediction"] = out["label"]
    out["score"] = [a["score"] for a in answers]
    return out
