# Mistake: the label is compared with small letters.
def classify_sentiment(text, classifier):
    return int(classifier(text, truncation=True)[0]["label"] == "positive")
