# More options for the tokenizer, and prints what it got.
def classify_sentiment(text, classifier):
    options = {"truncation": True, "max_length": 512, "padding": True}
    answer = classifier(text, **options)
    print(answer)
    return {"POSITIVE": 1}.get(answer[0]["label"], 0)
