# Hands the text over in a generator, as the documentation does for large data.
def classify_sentiment(text, classifier):
    for answer in classifier((one for one in [text]), truncation=True, batch_size=1):
        return sum([answer["label"] == "POSITIVE"])
