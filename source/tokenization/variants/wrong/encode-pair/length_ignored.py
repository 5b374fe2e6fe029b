# Mistake: max_length is not passed on: a row of 512.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, padding="max_length", truncation=True)
