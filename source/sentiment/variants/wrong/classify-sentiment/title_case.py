# Mistake: the text's capitals are changed on the way.
def classify_sentiment(text, classifier):
    return int(classifier(text.capitalize(), truncation=True)[0]["label"] == "POSITIVE")
