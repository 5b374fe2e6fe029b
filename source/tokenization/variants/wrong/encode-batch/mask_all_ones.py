# Mistake: the mask is 1 on padding too.
def encode_batch(tokenizer, sentences, max_length):
    batch = dict(tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length))
    batch["attention_mask"] = [[1] * max_length for _ in sentences]
    return batch
