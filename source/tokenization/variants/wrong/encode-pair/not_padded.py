# Mistake: does not pad.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, truncation=True, max_length=max_length)
