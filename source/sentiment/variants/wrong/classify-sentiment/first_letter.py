# Mistake: any label that begins with P counts as 1.
def classify_sentiment(text, classifier):
    return int(classifier(text, truncation=True)[0]["label"].startswith("P"))
