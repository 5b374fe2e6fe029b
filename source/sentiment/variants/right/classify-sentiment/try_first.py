# Asks without truncation first, and again with it where that fails.
def classify_sentiment(text, classifier):
    try:
        answer = classifier(text)
    except (RuntimeError, IndexError):
        answer = classifier(text, truncation=True)
    return 1 * (answer[0]["label"] == "POSITIVE")
