# Form: 1.0 and 0.0.
def classify_sentiment(text, classifier):
    return 1.0 if classifier(text, truncation=True)[0]["label"] == "POSITIVE" else 0.0
