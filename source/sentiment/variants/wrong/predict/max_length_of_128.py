# Mistake: texts are cut after 128 tokens, long before the model's limit.
def predict(df, classifier, batch_size=16):
    texts = df["text"].tolist()
    answers = classifier(texts, truncation=True, max_length=128, batch_size=batch_size) if texts else []
    out = df.copy()
    out["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], df.index, dtype=int)
    out["score"] = pd.Series([a["score"] for a in answers], df.index, dtype=float)
    return out
