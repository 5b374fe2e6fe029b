# Mistake: only the first gives way, and there is an error where that is not enough.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, padding="max_length", truncation="only_first", max_length=max_length)
