# Mistake: does not pad.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(sentences, truncation=True, max_length=max_length)
