# Mistake: does not truncate.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, padding="max_length", max_length=max_length)
