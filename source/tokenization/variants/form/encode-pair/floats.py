# Form: whole floats.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length, return_tensors="pt")
    return {key: values[0].float().tolist() for key, values in row.items()}
