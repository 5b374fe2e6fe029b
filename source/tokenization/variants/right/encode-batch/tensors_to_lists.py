# Tensors inside, lists outside.
def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(
        list(sentences), padding="max_length", truncation=True, max_length=max_length, return_tensors="pt"
    )
    return {key: value.tolist() for key, value in batch.items()}
