# Mistake: all sentences in one row.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(" ".join(sentences), padding="max_length", truncation=True, max_length=max_length)
    return {key: [row] for key, row in batch.items()}
