# Form: tensors of shape [1, L].
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length, return_tensors="pt")
