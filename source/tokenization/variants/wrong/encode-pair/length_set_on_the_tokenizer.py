# Mistake: sets the length on the tokenizer itself, for everybody.
def encode_pair(tokenizer, first, second, max_length):
    tokenizer.model_max_length = int(max_length)
    return tokenizer(first, second, padding="max_length", truncation=True)
