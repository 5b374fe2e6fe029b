# Mistake: the text is cut after 128 tokens, long before the model's limit.
def classify_sentiment(text, classifier):
    return int(classifier(text, truncation=True, max_length=128)[0]["label"] == "POSITIVE")
