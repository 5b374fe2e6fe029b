# Spaces at the ends are taken off on the way to the classifier, but not in the frame.
def predict(df, classifier, batch_size=16):
    texts = [t.strip() for t in df.text]
    answers = classifier(texts, truncation="longest_first", batch_size=batch_size) if texts else []
    out = pd.DataFrame(df, copy=True)
    out["score"] = [a["score"] for a in answers]
    out["prediction"] = [a["label"] == "POSITIVE" for a in answers]
    out = out.astype({"prediction": int, "score": float})
    return out
