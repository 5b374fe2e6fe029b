# New columns put in front of the others; float32 scores.
def predict(df, classifier, batch_size=16):
    answers = []
    texts = [str(text) for text in df["text"].values]
    for number in range(-(-len(texts) // batch_size)):
        answers.extend(classifier(texts[number * batch_size : (number + 1) * batch_size], truncation=True, batch_size=batch_size))
    frame = pd.DataFrame(df)
    frame = frame.copy()
    frame.insert(0, "score", pd.Series([answer["score"] for answer in answers], frame.index, dtype="float32"))
    frame.insert(0, "prediction", pd.Series([answer["label"] == "POSITIVE" for answer in answers], frame.index, dtype=int))
    return frame
