# Mistake: [SEP] is written between them, but all is segment 0.
def encode_pair(tokenizer, first, second, max_length):
    return tokenizer(f"{first} [SEP] {second}", padding="max_length", truncation=True, max_length=max_length)
