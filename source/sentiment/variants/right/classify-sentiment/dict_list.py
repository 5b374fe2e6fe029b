# A list of one dictionary, as for pairs of texts.
def classify_sentiment(text, classifier):
    return int("POSITIVE" == classifier([{"text": text}], truncation=True)[0]["label"])
