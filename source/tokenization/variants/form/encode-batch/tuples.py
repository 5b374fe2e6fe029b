# Form: tuples of tuples.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {key: tuple(tuple(row) for row in rows) for key, rows in batch.items()}
