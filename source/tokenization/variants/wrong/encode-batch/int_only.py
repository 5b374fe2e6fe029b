# Mistake: refuses integers that are not Python's own.
def encode_batch(tokenizer, sentences, max_length):
    if type(max_length) is not int:
        raise TypeError("max_length must be an int")
    return tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
