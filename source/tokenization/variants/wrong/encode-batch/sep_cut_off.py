# Mistake: the finished row is cut, and [SEP] with it.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", max_length=max_length)
    return {key: [row[:max_length] for row in rows] for key, rows in batch.items()}
