# Mistake: max_length instead of truncation=True.
def classify_sentiment(text, classifier):
    return int(classifier(text, max_length=512)[0]["label"] == "POSITIVE")
