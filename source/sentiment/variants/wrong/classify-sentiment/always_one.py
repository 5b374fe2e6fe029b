# Mistake: always 1.
def classify_sentiment(text, classifier):
    return 1
