# Mistake: the columns are added to the caller's frame.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    df["prediction"] = pd.Series([int(a["label"] == "POSITIVE") for a in answers], df.index, dtype=int)
    df["score"] = pd.Series([a["score"] for a in answers], df.index, dtype=float)
    return df
