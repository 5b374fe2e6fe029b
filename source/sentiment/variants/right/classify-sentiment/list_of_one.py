# A list of one text.
def classify_sentiment(text, classifier):
    [answer] = classifier([text], truncation=True)
    return int(answer["label"] == "POSITIVE")
