# Mistake: the text is cut by hand as well as by the tokenizer.
def classify_sentiment(text, classifier):
    text = " ".join(text.split()[:300])
    return 1 if classifier(text, truncation=True)[0]["label"] == "POSITIVE" else 0
