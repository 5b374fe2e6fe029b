# Mistake: the text is turned into small letters first.
def classify_sentiment(text, classifier):
    return int(classifier(text.lower(), truncation=True)[0]["label"] == "POSITIVE")
