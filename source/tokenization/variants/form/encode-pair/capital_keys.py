# Form: keys in another case.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length)
    return {key.title(): values for key, values in row.items()}
