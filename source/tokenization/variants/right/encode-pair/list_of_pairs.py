# A batch of one pair, and its only row.
def encode_pair(tokenizer, first, second, max_length):
    batch = tokenizer([(first, second)], padding="max_length", truncation=True, max_length=max_length)
    return {key: rows[0] for key, rows in batch.items()}
