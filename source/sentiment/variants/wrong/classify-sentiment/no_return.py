# Mistake: prints the number and returns nothing.
def classify_sentiment(text, classifier):
    print(1 if classifier(text, truncation=True)[0]["label"] == "POSITIVE" else 0)
