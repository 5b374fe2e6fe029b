# Pattern matching.
def classify_sentiment(text, classifier):
    match classifier(text, truncation=True):
        case [{"label": "POSITIVE"}]:
            return 1
        case _:
            return 0
