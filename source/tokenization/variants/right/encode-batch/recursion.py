# One sentence and the rest, recursively.
def encode_batch(tokenizer, sentences, max_length):
    if not sentences:
        return {"input_ids": [], "token_type_ids": [], "attention_mask": []}
    first, *rest = sentences
    row = tokenizer(first, padding="max_length", truncation=True, max_length=max_length)
    others = encode_batch(tokenizer, rest, max_length)
    return {key: [row[key]] + others[key] for key in others}
