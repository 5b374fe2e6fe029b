# Form: the new columns are called Prediction and Score.
def predict(df, classifier, batch_size=16):
    answers = classifier(df["text"].tolist(), truncation=True, batch_size=batch_size) if len(df) else []
    out = df.copy()
    out["Prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], dtype=int).to_numpy()
    out["Score"] = pd.Series([a["score"] for a in answers], dtype=float).to_numpy()
    return out
