# Mistake: always 15 long.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(sentences, padding="max_length", truncation=True, max_length=15)
