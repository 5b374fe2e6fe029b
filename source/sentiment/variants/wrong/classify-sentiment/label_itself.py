# Mistake: the label instead of a number.
def classify_sentiment(text, classifier):
    return classifier(text, truncation=True)[0]["label"]
