# Mistake: the second text comes first.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(second, first, padding="max_length", truncation=True, max_length=max_length)
