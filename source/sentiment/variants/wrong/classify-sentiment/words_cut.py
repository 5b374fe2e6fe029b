# Mistake: keeps 500 words, which may be more than 512 tokens, and lets nobody cut those.
def classify_sentiment(text, classifier):
    return int(classifier(" ".join(text.split()[:500]))[0]["label"] == "POSITIVE")
