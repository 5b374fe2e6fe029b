# Mistake: asks the notebook's classifier, not the one that it was given.
def classify_sentiment(text, other):
    return int(classifier(text, truncation=True)[0]["label"] == "POSITIVE")
