# Mistake: no special tokens.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(
        sentences, padding="max_length", truncation=True, max_length=max_length, add_special_tokens=False
    )
