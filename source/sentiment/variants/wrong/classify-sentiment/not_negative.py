# Mistake: anything but NEGATIVE counts as 1.
def classify_sentiment(text, classifier):
    return 0 if classifier(text, truncation=True)[0]["label"] == "NEGATIVE" else 1
