# Form: tensors, and a mask of booleans.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length, return_tensors="pt")
    return {**batch, "attention_mask": batch["attention_mask"].bool()}
