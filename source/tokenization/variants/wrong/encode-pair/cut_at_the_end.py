# Mistake: the finished row is cut, [SEP] and second text with it.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", max_length=max_length)
    return {key: values[:max_length] for key, values in row.items()}
