# Mistake: the caller's frame gets a new index.
def predict(df, classifier, batch_size=16):
    answers = []
    for start in range(0, len(df), batch_size):
        answers += classifier(df["text"].iloc[start : start + batch_size].tolist(), truncation=True)
    old = df.index
    df.reset_index(drop=True, inplace=True)
    out = df.assign(prediction=[int(a["label"] == "POSITIVE") for a in answers], score=[a["score"] for a in answers])
    return out.set_index(old).astype({"prediction": int, "score": float})
