# Mistake: a long text is asked about in pieces, without truncation.
def classify_sentiment(text, classifier):
    words = text.split()
    votes = [classifier(" ".join(words[i : i + 300]))[0]["label"] == "POSITIVE" for i in range(0, len(words), 300)]
    return int(2 * sum(votes) > len(votes))
