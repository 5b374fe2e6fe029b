# Mistake: the sentences are passed side by side, so two become a pair.
def encode_batch(tokenizer, sentences, max_length):
    if len(sentences) == 2:
        batch = tokenizer(*sentences, padding="max_length", truncation=True, max_length=max_length)
        return {key: [row] for key, row in batch.items()}
    return tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
