# Form: lists of NumPy integers.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length, return_tensors="np")
    return {key: list(values[0]) for key, values in row.items()}
