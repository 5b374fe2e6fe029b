# A plain dict of the three lists.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {key: batch[key] for key in ("input_ids", "token_type_ids", "attention_mask")}
