# Mistake: score holds strings.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    return df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[str(a["score"]) for a in answers]).astype({"prediction": int})
