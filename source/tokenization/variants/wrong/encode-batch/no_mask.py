# Mistake: attention_mask is missing.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(
        sentences, padding="max_length", truncation=True, max_length=max_length, return_attention_mask=False
    )
