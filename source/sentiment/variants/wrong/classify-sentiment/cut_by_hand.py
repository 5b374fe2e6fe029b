# Mistake: the text is cut after 512 characters.
def classify_sentiment(text, classifier):
    return 1 if classifier(text[:512])[0]["label"] == "POSITIVE" else 0
