# Mistake: the score instead of a number for the label.
def classify_sentiment(text, classifier):
    return classifier(text, truncation=True)[0]["score"]
