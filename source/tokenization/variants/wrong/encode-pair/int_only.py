# Mistake: refuses integers that are not Python's own.
def encode_pair(tokenizer, first, second, max_length):
    assert isinstance(max_length, int)
    return tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length)
