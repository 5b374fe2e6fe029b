# Mistake: every second sentence counts as segment 1.
def encode_batch(tokenizer, sentences, max_length):
    batch = dict(tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length))
    batch["token_type_ids"] = [[i % 2 * m for m in row] for i, row in enumerate(batch["attention_mask"])]
    return batch
