# Mistake: any label with the word POSITIVE in it counts as 1.
def classify_sentiment(text, classifier):
    return int("POSITIVE" in classifier(text, truncation=True)[0]["label"])
