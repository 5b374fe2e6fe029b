# Mistake: pads with id 1.
def encode_batch(tokenizer, sentences, max_length):
    batch = dict(tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length))
    batch["input_ids"] = [[i or 1 for i in row] for row in batch["input_ids"]]
    return batch
