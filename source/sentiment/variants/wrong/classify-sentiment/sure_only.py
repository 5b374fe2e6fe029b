# Mistake: 1 only where the score is over 0.75.
def classify_sentiment(text, classifier):
    answer = classifier(text, truncation=True)[0]
    return int(answer["label"] == "POSITIVE" and answer["score"] > 0.75)
