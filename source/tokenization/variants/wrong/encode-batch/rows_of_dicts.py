# Mistake: a list with a mapping for each sentence.
def encode_batch(tokenizer, sentences, max_length):
    return [dict(tokenizer(s, padding="max_length", truncation=True, max_length=max_length)) for s in sentences]
