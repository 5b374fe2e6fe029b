# Form: tensors instead of lists.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length, return_tensors="pt")
    return {key: value[0] for key, value in row.items()}
