# Mistake: padding=True pads one row to its own length.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, padding=True, truncation=True, max_length=max_length)
