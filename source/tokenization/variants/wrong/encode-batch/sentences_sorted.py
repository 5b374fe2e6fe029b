# Mistake: the rows come out sorted by length.
def encode_batch(tokenizer, sentences, max_length):
    ordered = sorted(sentences, key=len)
    return tokenizer(ordered, padding="max_length", truncation=True, max_length=max_length)
