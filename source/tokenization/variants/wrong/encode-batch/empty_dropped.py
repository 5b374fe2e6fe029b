# Mistake: empty sentences are left out.
def encode_batch(tokenizer, sentences, max_length):
    kept = [s for s in sentences if s] or [""]
    return tokenizer(kept, padding="max_length", truncation=True, max_length=max_length)
