# Mistake: a text that is too long gives 0 instead of an answer.
def classify_sentiment(text, classifier):
    try:
        return 1 if classifier(text)[0]["label"] == "POSITIVE" else 0
    except RuntimeError:
        return 0
