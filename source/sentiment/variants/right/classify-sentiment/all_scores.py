# Both labels with their scores; the better one decides.
def classify_sentiment(text, classifier):
    answers = classifier(text, top_k=None, truncation="longest_first")
    while isinstance(answers[0], list):
        answers = answers[0]
    best = max(answers, key=lambda answer: answer["score"])
    return [0, 1][best["label"] == "POSITIVE"]
