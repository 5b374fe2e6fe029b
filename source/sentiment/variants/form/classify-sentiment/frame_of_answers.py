# Form: a NumPy integer for a Python int, out of a frame of answers.
def classify_sentiment(text, classifier):
    return pd.DataFrame(classifier(text, truncation=True))["label"].eq("POSITIVE").astype(int).iloc[0]
