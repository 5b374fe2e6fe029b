# Mistake: only a text of more than 512 words is truncated.
def classify_sentiment(text, classifier):
    answer = classifier(text, truncation=True) if len(text.split()) > 512 else classifier(text)
    return int(answer[0]["label"] == "POSITIVE")
