# Form: a list of tensors, one for each row.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {key: [torch.tensor(row) for row in rows] for key, rows in batch.items()}
