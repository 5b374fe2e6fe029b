# Cut in one call, padded in another; more keys than asked for.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, truncation="longest_first", max_length=max_length, return_length=True)
    return tokenizer.pad(row, padding="max_length", max_length=int(max_length))
