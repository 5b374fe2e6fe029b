# Form: a NumPy integer for a Python int, from a class around the classifier.
import numpy as np


class Judge:
    def __init__(self, classifier):
        self.classifier = classifier

    def __call__(self, text):
        answers = self.classifier(inputs=text, truncation=True)
        return np.int64(answers[0]["label"] == "POSITIVE")


def classify_sentiment(text, classifier):
    return Judge(classifier)(text)
