# An if statement.
def classify_sentiment(text, classifier):
    result = classifier(text, truncation=True)
    if result[0]["label"] == "POSITIVE":
        return 1
    else:
        return 0
