# Mistake: pads to the longest sentence, not to max_length.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(sentences, padding=True, truncation=True, max_length=max_length)
