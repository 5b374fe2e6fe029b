# Mistake: -1 for NEGATIVE.
def classify_sentiment(text, classifier):
    return 1 if classifier(text, truncation=True)[0]["label"] == "POSITIVE" else -1
