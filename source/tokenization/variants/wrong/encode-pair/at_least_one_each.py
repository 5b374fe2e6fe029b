# Mistake: keeps at least one token of each text, so that a length of 4 gives 5.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, padding="max_length", truncation=True, max_length=max(max_length, 5))
