# Form: a list with the number in it.
def classify_sentiment(text, classifier):
    return [int(answer["label"] == "POSITIVE") for answer in classifier(text, truncation=True)]
