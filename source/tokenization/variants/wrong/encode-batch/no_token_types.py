# Mistake: token_type_ids is missing.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}
