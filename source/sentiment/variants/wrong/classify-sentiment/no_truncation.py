# Mistake: truncation is not passed on.
def classify_sentiment(text, classifier):
    return 1 if classifier(text)[0]["label"] == "POSITIVE" else 0
