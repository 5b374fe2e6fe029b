# Tensors inside, lists outside.
def encode_pair(tokenizer, first, second, max_length):
    batch = tokenizer(
        text=first, text_pair=second, padding="max_length", truncation="longest_first", max_length=max_length,
        return_tensors="pt",
    )
    return {key: value.squeeze(0).tolist() for key, value in batch.items()}
