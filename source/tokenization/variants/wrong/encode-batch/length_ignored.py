# Mistake: max_length is not passed on: rows of 512.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(sentences, padding="max_length", truncation=True)
