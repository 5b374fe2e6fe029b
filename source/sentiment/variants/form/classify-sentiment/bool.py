# Form: True and False instead of 1 and 0.
def classify_sentiment(text, classifier):
    return classifier(text, truncation=True)[0]["label"] == "POSITIVE"
