# Form: a helper column stays in the result.
def predict(df, classifier, batch_size=16):
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size) if len(df) else []
    out = df.copy()
    out["answer"] = [a["label"] for a in answers]
    out["prediction"] = out["answer"].eq("POSITIVE").astype(int)
    out["score"] = pd.Series([a["score"] for a in answers], dtype=float).to_numpy()
    return out
