# Mistake: the score decides, whatever the label says.
def classify_sentiment(text, classifier):
    return int(classifier(text, truncation=True)[0]["score"] >= 0.5)
