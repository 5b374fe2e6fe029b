# Mistake: the mask is 0 on [CLS] and [SEP].
def encode_batch(tokenizer, sentences, max_length):
    batch = dict(tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length))
    batch["attention_mask"] = [[int(i not in (0, 101, 102)) for i in row] for row in batch["input_ids"]]
    return batch
