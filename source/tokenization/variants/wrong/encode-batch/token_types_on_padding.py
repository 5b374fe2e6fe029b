# Mistake: padding counts as segment 1.
def encode_batch(tokenizer, sentences, max_length):
    batch = dict(tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length))
    batch["token_type_ids"] = [[1 - m for m in row] for row in batch["attention_mask"]]
    return batch
