# Form: tensors instead of lists.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length, return_tensors="pt")
