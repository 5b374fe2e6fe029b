# Mistake: the middle of a long text is cut out by hand.
def classify_sentiment(text, classifier):
    t = text if len(text) < 2000 else text[:1000] + text[-1000:]
    return int(classifier(t, truncation=True)[0]["label"] == "POSITIVE")
