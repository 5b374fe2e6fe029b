# Mistake: only the second gives way.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, padding="max_length", truncation="only_second", max_length=max_length)
