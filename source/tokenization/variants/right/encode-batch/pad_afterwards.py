# Truncates in the call, pads with tokenizer.pad afterwards.
def encode_batch(tokenizer, sentences, max_length):
    rows = tokenizer(sentences, truncation=True, max_length=int(max_length))
    return tokenizer.pad(rows, padding="max_length", max_length=int(max_length))
