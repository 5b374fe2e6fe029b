# Form: a list in a list.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer([first], [second], padding="max_length", truncation=True, max_length=max_length)
