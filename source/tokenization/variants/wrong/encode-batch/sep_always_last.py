# Mistake: [SEP] stands in the last place even behind padding.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {**batch, "input_ids": [row[:-1] + [tokenizer.sep_token_id] for row in batch["input_ids"]]}
