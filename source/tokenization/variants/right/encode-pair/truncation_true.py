# truncation=True is longest_first.
def encode_pair(tokenizer, first, second, max_length):
    return dict(tokenizer(first, second, truncation=True, padding="max_length", max_length=max_length))
