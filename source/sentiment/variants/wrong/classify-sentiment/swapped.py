# Mistake: 0 for POSITIVE.
def classify_sentiment(text, classifier):
    return 0 if classifier(text, truncation=True)[0]["label"] == "POSITIVE" else 1
