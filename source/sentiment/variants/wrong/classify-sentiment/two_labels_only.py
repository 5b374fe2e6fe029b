# Mistake: a third label raises.
def classify_sentiment(text, classifier):
    return {"POSITIVE": 1, "NEGATIVE": 0}[classifier(text, truncation=True)[0]["label"]]
