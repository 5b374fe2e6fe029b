# Mistake: takes the answer for a dictionary.
def classify_sentiment(text, classifier):
    return int(classifier(text, truncation=True)["label"] == "POSITIVE")
