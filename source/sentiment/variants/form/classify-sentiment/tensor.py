# Form: a tensor for an int.
def classify_sentiment(text, classifier):
    return torch.tensor(int(classifier(text, truncation=True)[0]["label"] == "POSITIVE"))
