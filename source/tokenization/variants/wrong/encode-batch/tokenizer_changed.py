# Mistake: sets the length on the tokenizer itself, for everybody.
def encode_batch(tokenizer, sentences, max_length):
    tokenizer.model_max_length = int(max_length)
    return tokenizer(sentences, padding="max_length", truncation=True)
