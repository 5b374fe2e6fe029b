# Asks for the best label only.
import operator


def classify_sentiment(text, classifier):
    label = operator.itemgetter("label")(classifier(text, top_k=1, truncation=True)[0])
    return 1 if label == "POSITIVE" else 0
