# Mistake: does not truncate.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(sentences, padding="max_length", max_length=max_length)
