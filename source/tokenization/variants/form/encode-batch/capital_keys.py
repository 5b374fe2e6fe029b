# Form: keys in capitals.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {key.upper(): rows for key, rows in batch.items()}
